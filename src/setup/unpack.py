"""Unpacks the wanted members of one wheel.

usage: unpack.py DESTINATION WHEEL [RULE...]

A rule reads `PATTERN=FOLDER/`. A pattern that ends in `/` takes the tree below it and keeps the
tree's shape; any other is a shell pattern, whose matches land side by side in FOLDER. The first
rule that matches a member decides; a rule with nothing behind the `=` leaves its matches out. Each
rule must match something, save one that starts with `?`. Without a rule the wheel is only opened,
which fails where its end is missing.

Exit codes: 3 the wheel is broken, 4 a rule matched nothing, 5 the disk is full.
"""

import errno
import fnmatch
import os
import posixpath
import shutil
import sys
import zipfile
import zlib

BROKEN, MISSING, FULL = 3, 4, 5


def main(destination, wheel, *rules):
    rules = [(rule.lstrip("?").split("=", 1), rule.startswith("?")) for rule in rules]
    matched = [optional for _, optional in rules]
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            for index, ((pattern, folder), _) in enumerate(rules):
                place = place_of(member.filename, pattern, folder)
                if place is None:
                    continue
                matched[index] = True
                if folder:
                    write(archive, member, os.path.join(destination, place))
                break
    for (pattern, _), found in zip((rule for rule, _ in rules), matched):
        if not found:
            return fail(MISSING, f"holds no `{pattern}`")
    return 0


def place_of(name, pattern, folder):
    if ".." in name.split("/") or name.startswith("/"):
        return None
    if pattern.endswith("/"):
        return folder + name[len(pattern):] if name.startswith(pattern) else None
    return folder + posixpath.basename(name) if fnmatch.fnmatchcase(name, pattern) else None


def write(archive, member, path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with archive.open(member) as source, open(path, "wb") as target:
        # Reading to the end is what makes zipfile compare the member's check sum.
        shutil.copyfileobj(source, target, 1 << 20)


def fail(code, message):
    print(message, file=sys.stderr)
    return code


try:
    sys.exit(main(*sys.argv[1:]))
except (zipfile.BadZipFile, zlib.error, EOFError) as error:
    sys.exit(fail(BROKEN, f"is broken: {error}"))
except OSError as error:
    sys.exit(fail(FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else 1, str(error)))

#!/usr/bin/env python3
"""The bars that kaslite's engine is held to, measured beside its peers.

    python3 benches/bars.py [--kaslite PATH] [--runs 7] [--md FILE] [--svg FILE] [--only WORD …]

Each measure runs kaslite and its peer in turn (A B A B …) on the same machine; what is printed are medians,
and the median of the ratios pair by pair. Measures whose peer is not on the PATH (ninja, b3sum) are left out
and named. All files lie in a temporary folder (TMPDIR; a tmpfs such as /dev/shm takes the disk out of it).
"""

import argparse
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import peers  # noqa: E402


@dataclass
class Row:
    """One measure; `value` is held against `bar`, if there is one."""

    measure: str
    ours: str
    peer: str
    value: float
    bar: float | None
    unit: str = "×"
    load: float = 0.0
    at_least: bool = False


@dataclass
class Cost:
    wall: float
    cpu: float


def run(command: list[str] | str, folder: Path) -> Cost:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, shell=isinstance(command, str), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"error: `{command}` ended with {done.returncode} in {folder}\n{done.stderr.decode()}")
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def pairs(a, b, folder: Path, runs: int, before=lambda: None) -> list[tuple[Cost, Cost]]:
    rows = []
    for _ in range(runs):
        before()
        rows.append((run(a, folder), run(b, folder)))
    return rows


def ratio(measure: str, bar: float, rows: list[tuple[Cost, Cost]], peer: str) -> Row:
    ours, theirs = (statistics.median(row[k].wall for row in rows) * 1e3 for k in (0, 1))
    value = statistics.median(a.wall / b.wall for a, b in rows)
    return Row(f"{measure}, beside `{peer}`", f"{ours:.1f} ms", f"{theirs:.1f} ms", value, bar)


def settle() -> None:
    """Lets the clock of the file system tick past the last write."""
    time.sleep(0.1)


def resident(command: list[str], folder: Path) -> float:
    """The largest resident set, in MB."""
    told = folder / ".resident"
    command = ["/usr/bin/time", "-q", "-f", "%M", "-o", str(told), *command]
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return int(told.read_text()) / 1024


class Bench:
    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.kaslite, self.runs, self.folder = str(Path(options.kaslite).resolve()), options.runs, folder
        self.shapes: list[str] = options.shape
        self.rows: list[Row] = []

    def add(self, row: Row) -> None:
        row.load = os.getloadavg()[0]
        self.rows.append(row)
        print(line(row), flush=True)

    def graphs(self, n: int) -> None:
        """What nothing, or one file, costs."""
        for shape in self.shapes:
            folder = self.folder / f"{shape}-{n}"
            peers.generate(folder, shape, n)
            name = f"{n:,} stages, {shape}"
            self.cold(folder, name, n)
            settle()
            run([self.kaslite, "status"], folder)
            noop = pairs([self.kaslite, "repro"], ["ninja", "--quiet"], folder, self.runs)
            self.add(ratio(f"no-op repro, {name}", 1.0, noop, "ninja"))
            asked = pairs([self.kaslite, "status"], ["ninja", "-n"], folder, self.runs)
            self.add(ratio(f"status, {name}", 1.0, asked, "ninja -n"))
            if shape == "wide":
                self.memory(folder, name)
            leaf = folder / f"src/{peers.name(n - 1)}.txt"
            edit = lambda: leaf.write_text(f"{time.time_ns()}\n")  # noqa: E731
            changed = pairs([self.kaslite, "status"], ["ninja", "-n"], folder, self.runs, edit)
            self.add(ratio(f"status, one leaf changed, {name}", 1.0, changed, "ninja -n"))
            shutil.rmtree(folder)

    def cold(self, folder: Path, name: str, n: int) -> None:
        """A first run, beside ninja's; then all outs back from the cache."""
        rows, restored = [], []
        for _ in range(3 if n <= 1000 else 1):
            for path in ("out", "nout", ".kaslite", "results"):
                shutil.rmtree(folder / path, ignore_errors=True)
            for path in (".ninja_log", ".ninja_deps", "pipeline.lock"):
                (folder / path).unlink(missing_ok=True)
            rows.append((run([self.kaslite, "repro", "-j4"], folder), run(["ninja", "--quiet", "-j4"], folder)))
            shutil.rmtree(folder / "out")
            restored.append(run([self.kaslite, "repro", "-j4"], folder).wall * 1e3 / n)
        ours, theirs = (statistics.median(row[k].cpu for row in rows) for k in (0, 1))
        extra = statistics.median(a.cpu - b.cpu for a, b in rows) * 1e3 / n
        measure = f"cold run -j4, CPU a stage beyond ninja's, {name}"
        self.add(Row(measure, f"{ours:.2f} s", f"{theirs:.2f} s", extra, 1.0, "ms"))
        self.add(Row(f"restore, a stage, {name}", "", "", statistics.median(restored), 1.0, "ms"))

    def memory(self, folder: Path, name: str) -> None:
        if not Path("/usr/bin/time").exists():
            print("left out: resident memory, /usr/bin/time is not there", file=sys.stderr)
            return
        self.add(Row(f"resident, no-op, {name}", "", "", resident([self.kaslite, "status"], folder), 60, "MB"))
        for measure, states in (("all judged", ["fresh*"]), ("all read and judged", ["fresh*", "pipeline-*", "lock-memo*"])):
            for state in (path for name in states for path in (folder / ".kaslite").glob(name)):
                state.unlink()
            taken = resident([self.kaslite, "status"], folder)
            self.add(Row(f"resident, {measure}, {name}", "", "", taken, 60, "MB"))

    def hashes(self) -> None:
        """One large file, and many small ones."""
        folder = self.folder / "hash"
        (folder / "small").mkdir(parents=True)
        with open(folder / "big.bin", "wb") as big:
            for _ in range(1024):
                big.write(os.urandom(1 << 20))
        for i in range(100_000):
            if i % 1000 == 0:
                inner = folder / f"small/d{i // 1000:03}"
                inner.mkdir()
            (inner / f"f{i:06}").write_bytes(os.urandom(1024))
        for dep in ("big.bin", "small"):
            text = f"stages:\n  s:\n    cmd: touch {dep}.out\n    deps: [{dep}]\n    outs: [{dep}.out]\n"
            (folder / f"{dep}.yaml").write_text(text)
        forget = lambda: shutil.rmtree(folder / ".kaslite", ignore_errors=True)  # noqa: E731
        status = lambda dep: [self.kaslite, "--file", f"{dep}.yaml", "status"]  # noqa: E731
        big = pairs(status("big.bin"), ["b3sum", "big.bin"], folder, self.runs, forget)
        self.add(ratio("hash a file of 1 GiB", 1.0, big, "b3sum"))
        each = "find small -type f -print0 | xargs -0 -P4 -n 2000 b3sum --num-threads 1 | wc -l"
        small = pairs(status("small"), each, folder, self.runs, forget)
        self.add(ratio("hash 100,000 files of 1 KiB", 1.2, small, "xargs -P4 b3sum"))
        walk = "find small -type f -printf '%s %T@ %i %p\\n' | wc -l"
        again = pairs(status("small"), walk, folder, self.runs)
        self.add(ratio("100,000 files, unchanged", 1.2, again, "find with stat"))
        shutil.rmtree(folder)

    def real(self, source: Path) -> None:
        """A project of many pipeline files, nothing of it ever run."""
        folder = self.folder / "real"
        shutil.copytree(source, folder, symlinks=True)
        subprocess.run(["chmod", "-R", "u+w", folder], check=True)
        self.stand_in(folder)
        costs = [run([self.kaslite, "status"], folder).wall * 1e3 for _ in range(self.runs)]
        self.add(Row(f"status of {source.name}", "", "", statistics.median(costs), 150, "ms"))
        shutil.rmtree(folder)

    def stand_in(self, folder: Path) -> None:
        """Such projects are kept without their data: an empty file for each source that is not there, a folder
        for each that commands run in."""
        for _ in range(20):
            said = subprocess.run([self.kaslite, "status"], cwd=folder, capture_output=True, text=True)
            missing = re.findall(r"`([^`]+)` is not there, and no stage makes it", said.stderr)
            folders = re.findall(r"^(.*)dvc.yaml:\d+: `wdir: ([^`]+)` is not a folder", said.stderr, re.MULTILINE)
            if said.returncode == 0 or not (missing or folders):
                return
            for inner, wdir in folders:
                (folder / inner / wdir).mkdir(parents=True)
            for path in missing:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).touch()


def line(row: Row) -> str:
    held, bar = "", ""
    if row.bar is not None:
        held = "yes" if row.value == row.bar or (row.value > row.bar) == row.at_least else "**no**"
        bar = f"{'≥' if row.at_least else '≤'} {row.bar:.2f} {row.unit}"
    return f"| {row.measure} | {row.ours} | {row.peer} | {row.value:.2f} {row.unit} | {bar} | {held} | {row.load:.0f} |"


HEAD = "| measure | kaslite | peer | result | bar | held | load |\n|---|---:|---:|---:|---:|---|---:|"


def shown(row: Row) -> bool:
    """Whether the chart has it: of the graphs, the largest wide one stands for all."""
    return "stages," not in row.measure or "10,000 stages, wide" in row.measure


def svg(rows: list[Row], told: str) -> str:
    """A bar a measure: the result as a part of what is allowed."""
    rows = [row for row in rows if shown(row)]
    left, width, step = 390, 320, 20
    height = step * len(rows) + 62
    text = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 100} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{left + width + 100}" height="{height}" fill="#ffffff"/>',
        f'<text x="{left + width / 2:.0f}" y="16" text-anchor="middle" fill="#555555">allowed</text>',
    ]
    for place, row in enumerate(rows):
        y, part = 26 + step * place, row.value / row.bar
        colour = "#0072b2" if part <= 1 else "#d55e00"
        length = min(part, 2.0) * width / 2
        text += [
            f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{row.measure.replace("`", "")}</text>',
            f'<rect x="{left}" y="{y + 2}" width="{length:.1f}" height="{step - 6}" fill="{colour}"/>',
            f'<text x="{left + width + 8}" y="{y + 12}" fill="#555555">{row.value:.2f} {row.unit}</text>',
        ]
    middle, bottom = left + width / 2, 26 + step * len(rows)
    text += [
        f'<line x1="{middle}" y1="20" x2="{middle}" y2="{bottom}" stroke="#000000" stroke-dasharray="3 3"/>',
        f'<text x="8" y="{bottom + 24}" fill="#555555">{told}</text>',
        "</svg>",
    ]
    return "\n".join(text) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = Path(__file__).resolve().parent.parent
    parser.add_argument("--kaslite", default=str(root / "target/release/kaslite"))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--only", nargs="+", default=["1000", "10000", "hash", "real"])
    parser.add_argument("--shape", nargs="+", default=["chain", "wide", "diamond"])
    parser.add_argument("--real", type=Path, help="a project of many pipeline files whose status is timed")
    parser.add_argument("--note", default="", help="what else is to be said of the machine")
    parser.add_argument("--md", type=Path, help="where the table goes")
    parser.add_argument("--svg", type=Path, help="where the chart goes")
    options = parser.parse_args()
    if not Path(options.kaslite).is_file():
        sys.exit(f"error: no program {options.kaslite}\nhint: `cargo build --release --workspace --bins` makes it")
    folder = Path(tempfile.mkdtemp(prefix="kaslite-bars-"))
    bench = Bench(options, folder)
    needs = {"1000": "ninja", "10000": "ninja", "hash": "b3sum"}
    load = os.getloadavg()[0]
    print(HEAD)
    try:
        for what in options.only:
            if what in needs and not shutil.which(needs[what]):
                print(f"left out: {what}, `{needs[what]}` is not on the PATH", file=sys.stderr)
            elif what == "hash":
                bench.hashes()
            elif what == "real":
                if options.real:
                    bench.real(options.real)
            else:
                bench.graphs(int(what))
    finally:
        shutil.rmtree(folder)
    told = (
        f"Medians of {options.runs} pairs on {os.cpu_count()} cores, "
        f"load {load:.0f} at the start and {os.getloadavg()[0]:.0f} at the end."
        f" {options.note}".rstrip()
    )
    print("\n" + told)
    if options.md:
        options.md.write_text("\n".join([HEAD, *map(line, bench.rows), "", told]) + "\n")
    if options.svg:
        options.svg.write_text(svg(bench.rows, told))


if __name__ == "__main__":
    main()

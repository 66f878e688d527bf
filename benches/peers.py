#!/usr/bin/env python3
"""kaslite beside ninja on the same pipelines, measured in pairs.

    python3 benches/peers.py [--kaslite PATH] [--n 1000 10000] [--shape chain wide diamond] [--runs 9]

Both tools get the same graph: n stages, each a `cksum` of its own source file and of the out before it;
ours reads a param each beside that, which ninja does not know.
Every measure runs the two in turn (A B A B …) and prints the median of each and the median of the ratios
pair by pair, so that a machine whose speed drifts does not favour one of them. Needs ninja on the PATH.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def parents(shape: str, n: int, i: int) -> list[int]:
    """The stages that stage i reads from."""
    if i == 0:
        return []
    if shape == "chain":
        return [i - 1]
    if shape == "wide":
        return [0]
    if i % 3 == 0:  # diamond: every third stage joins the two before it
        return [i - 2, i - 1]
    return [i - i % 3]


def name(i: int) -> str:
    return f"s{i:06}"


def generate(folder: Path, shape: str, n: int) -> None:
    """Writes pipeline.yaml, build.ninja and the sources; each tool's outs go to a folder of its own."""
    (folder / "src").mkdir(parents=True)
    stages, edges = ["stages:"], ["rule c", "  command = cksum $in > $out"]
    for i in range(n):
        (folder / f"src/{name(i)}.txt").write_text(f"source {i}\n")
        made = [f"{{}}/{name(p)}.txt" for p in parents(shape, n, i)]
        ours = [dep.format("out") for dep in made] + [f"src/{name(i)}.txt"]
        theirs = [dep.format("nout") for dep in made] + [f"src/{name(i)}.txt"]
        out = f"out/{name(i)}.txt"
        stages += [f"  {name(i)}:", f"    cmd: cksum {' '.join(ours)} > {out}", "    deps:"]
        stages += [f"    - {dep}" for dep in ours] + [f"    params: [p.{name(i)}]", "    outs:", f"    - {out}"]
        edges.append(f"build n{out}: c {' '.join(theirs)}")
    (folder / "params.yaml").write_text("p:\n" + "".join(f"  {name(i)}: {i}\n" for i in range(n)))
    (folder / "pipeline.yaml").write_text("\n".join(stages) + "\n")
    (folder / "build.ninja").write_text("\n".join(edges) + "\n")


def timed(command: list[str], folder: Path) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"error: `{' '.join(command)}` ended with {done.returncode} in {folder}")
    return seconds


def pairs(a: list[str], b: list[str], folder: Path, runs: int, before=lambda: None) -> tuple[float, float, float]:
    """Medians of both, in milliseconds, and of their ratio."""
    rows = []
    for _ in range(runs):
        before()
        rows.append((timed(a, folder), timed(b, folder)))
    left, right = (statistics.median(row[k] for row in rows) for k in (0, 1))
    return left * 1e3, right * 1e3, statistics.median(x / y for x, y in rows)


def measure(kaslite: str, shape: str, n: int, runs: int, jobs: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix=f"kaslite-bench-{shape}-{n}-"))
    try:
        generate(folder, shape, n)
        ours, theirs = [kaslite, "repro", f"-j{jobs}"], ["ninja", "--quiet", f"-j{jobs}"]
        cold = timed(ours, folder), timed(theirs, folder)
        row(shape, n, "cold run", cold[0] * 1e3, cold[1] * 1e3, cold[0] / cold[1])
        time.sleep(0.1)  # let the clock of the file system tick past the last write
        subprocess.run([kaslite, "status"], cwd=folder, stdout=subprocess.DEVNULL, check=True)
        row(shape, n, "no-op repro", *pairs(ours, theirs, folder, runs))
        row(shape, n, "status / ninja -n", *pairs([kaslite, "status"], ["ninja", "-n"], folder, runs))
        leaf = folder / f"src/{name(n - 1)}.txt"
        changed = pairs(
            [kaslite, "status"], ["ninja", "-n"], folder, runs, lambda: leaf.write_text(f"{time.time_ns()}\n")
        )
        row(shape, n, "one leaf changed", *changed)
    finally:
        shutil.rmtree(folder)


def row(shape: str, n: int, what: str, ours: float, theirs: float, ratio: float) -> None:
    print(f"| {shape} | {n:,} | {what} | {ours:.1f} ms | {theirs:.1f} ms | {ratio:.2f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    root = Path(__file__).resolve().parent.parent
    parser.add_argument("--kaslite", default=str(root / "target/release/kaslite"))
    parser.add_argument("--n", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--shape", nargs="+", default=["chain", "wide", "diamond"])
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("-j", "--jobs", type=int, default=4)
    options = parser.parse_args()
    if not shutil.which("ninja"):
        sys.exit("error: ninja is not on the PATH\nhint: install the package ninja-build")
    if not Path(options.kaslite).is_file():
        sys.exit(f"error: no program {options.kaslite}\nhint: `cargo build --release --workspace --bins` makes it")
    print("| shape | stages | measure | kaslite | ninja | ratio |\n|---|---:|---|---:|---:|---:|")
    for n in options.n:
        for shape in options.shape:
            measure(options.kaslite, shape, n, options.runs, options.jobs)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""The bars that training is held to: what a step, trials side by side, telemetry, all configurations of grown
seeds and their Shapley values cost, and what `train`, and `control` with all its trials cached, take as whole
processes.

    python3 benches/training.py [--kaslite PATH] [--runs 5] [--profile release] [--no-cargo] [--md FILE]

The first come from `cargo bench --bench training --bench shapley`, whose last figures `--no-cargo` takes as they
lie in the target folder; where two are named, a median against a median of the same run. The whole processes are
stages of the repository's own pipeline, everything tracked, with `CPU` what they and their children computed for;
memory is the largest resident set of `train` beyond that of a process that loads libtorch and ends.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bars import HEAD, Row, line, resident, run  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
# Measure, the folder of criterion's group, the two benchmarks whose ratio it is, the bar if there is one, at least
# or at most.
RATIOS = [
    ("a training step beside its own products", "h128 l3 b64", "training step", "its matrix products", 2.0, False),
    ("a run with standard telemetry beside one without", "telemetry", "standard", "without", 1.1, False),
    ("8 trials one after another beside 4 threads", "8 trials", "one after another", "on 4 threads", 3.5, True),
    (
        "products that share nothing, as many (what the machine gives)",
        "8 trials",
        "products, one after another",
        "products, on 4 threads",
        None,
        True,
    ),
    (
        "1,024 configurations one by one beside shared passes",
        "1024 configurations of 10 seeds, h128, 400 rows",
        "one by one",
        "with shared passes",
        5.0,
        True,
    ),
]
# Benchmarks without a group, with their bars in milliseconds.
ALONE = [("exact Shapley values of 12 slots", 50.0)]


def median(criterion: Path, *names: str) -> float | None:
    """What criterion measured last, in milliseconds."""
    folder = "".join("_" if sign in '?"/\\*<>:|^' else sign for sign in "\0".join(names)).split("\0")
    told = criterion.joinpath(*folder) / "new/estimates.json"
    return json.loads(told.read_text())["median"]["point_estimate"] / 1e6 if told.exists() else None


def benchmarks(criterion: Path) -> list[Row]:
    rows = []
    for name, bar in ALONE:
        taken = median(criterion, name)
        if taken is None:
            print(f"left out: {name}, it was not measured", file=sys.stderr)
            continue
        rows.append(Row(name, f"{taken:.2f} ms", "", taken, bar, "ms", load=os.getloadavg()[0]))
    for measure, group, one, other, bar, at_least in RATIOS:
        taken = [median(criterion, group, name) for name in (one, other)]
        if None in taken:
            print(f"left out: {measure}, it was not measured", file=sys.stderr)
            continue
        shown = [f"{ms:.3f} ms" for ms in taken]
        rows.append(Row(measure, *shown, taken[0] / taken[1], bar, load=os.getloadavg()[0], at_least=at_least))
    return rows


def whole(kaslite: Path, runs: int) -> list[Row]:
    """The stages `train` and `control` of the repository's pipeline, each alone."""
    folder = Path(tempfile.mkdtemp(prefix="kaslite-training-"))
    command = [str(kaslite), "repro", "--force", "--single", "train"]
    control = [*command[:-1], "control"]
    try:
        for name in ("pipeline.yaml", "params.yaml"):
            shutil.copy(ROOT / name, folder)
        run([str(kaslite), "repro", "generate_data"], folder)
        costs = [run(command, folder) for _ in range(runs)]
        wall, cpu = (statistics.median(getattr(cost, part) for cost in costs) for part in ("wall", "cpu"))
        took = Row("`train`, whole process", f"{wall:.2f} s", f"CPU {cpu:.2f} s", wall, 1.5, "s", os.getloadavg()[0])
        # The program that links libtorch lies beside the one that does not.
        loaded = resident([str(kaslite.with_name("kaslite-torch")), "--version"], folder)
        taken = resident(command, folder)
        memory = Row("`train`, memory beyond libtorch", f"{taken:.0f} MB", f"{loaded:.0f} MB", taken - loaded, 100, "MB")
        # The first run trains; its trials lie in the cache then.
        costs = [run(control, folder) for _ in range(runs + 1)][1:]
        wall, cpu = (1e3 * statistics.median(getattr(cost, part) for cost in costs) for part in ("wall", "cpu"))
        name = "`control`, all trials cached, whole process"
        cached = Row(name, f"{wall:.0f} ms", f"CPU {cpu:.0f} ms", wall, 50, "ms", os.getloadavg()[0])
        return [took, memory, cached]
    finally:
        shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    parser.add_argument("--kaslite", type=Path, default=target / "release/kaslite")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--profile", default="release", help="of `cargo bench`")
    parser.add_argument("--no-cargo", action="store_true", help="take the figures that `cargo bench` left")
    parser.add_argument("--md", type=Path, help="where the table goes")
    options = parser.parse_args()
    kaslite = options.kaslite.resolve()
    if not kaslite.is_file():
        sys.exit(f"error: no program {kaslite}\nhint: `cargo build --release --workspace --bins` makes it")
    if not options.no_cargo:
        bench = ["cargo", "bench", "--workspace", "--profile", options.profile]
        bench += ["--bench", "training", "--bench", "shapley"]
        subprocess.run(bench, cwd=ROOT, check=True, stdout=sys.stderr)
    table = [HEAD, *map(line, benchmarks(target / "criterion") + whole(kaslite, options.runs))]
    print("\n".join(table))
    if options.md:
        options.md.write_text("\n".join(table) + "\n")


if __name__ == "__main__":
    main()

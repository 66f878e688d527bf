#!/usr/bin/env python3
"""The five problems, with seeds and without, over several rng seeds.

    benches/problems.py KASLITE [--seeds 5] [--keep FOLDER]

KASLITE is the program, kaslite-torch beside it. Prints two tables of Markdown: the best validation
accuracy as mean and 95 % interval (Student's t), also of the differences of pairs with the same rng
seed; and, where pyarrow can be imported, why seeds grew or not, as the controller recorded it, and
what becomes of it if no accuracy is enough. All runs have the params of params.yaml of this
repository, but for the problem, who lets seeds grow, and that threshold.
"""

import argparse
import collections
import json
import math
import pathlib
import subprocess
import sys
import tempfile

PROBLEMS = ["spirals", "moons", "clusters", "spheres", "complex_moons"]
ROOT = pathlib.Path(__file__).resolve().parent.parent
# Two-sided 97.5 % quantiles of Student's t by degrees of freedom.
T = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}


def train(kaslite, folder, problem, what, seed, *settings):
    """One run: the folder of what `train` made, and its metrics."""
    name = f"{problem}-{what}-{seed}"
    command = [kaslite, "train", "--params", ROOT / "params.yaml", "--name", name, "--json"]
    command += ["--problem_type", problem, "--seed", str(seed)]
    for setting in settings:
        command += ["--set", setting]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{name}: {done.stderr}")
    (run,) = (folder / "results/runs").glob(f"{name}_*")
    return run / "train", json.loads((run / "train/metrics.json").read_text())


def accuracy(run, which):
    """In percent."""
    return 100 * run[1]["metric"]["accuracy"][which]


def loss(run):
    return run[1]["loss"]["val"]["final"]


def interval(values):
    """Mean and half the width of its 95 % interval."""
    count = len(values)
    mean = sum(values) / count
    variance = sum((value - mean) ** 2 for value in values) / (count - 1)
    return mean, T[count - 1] * math.sqrt(variance / count)


def cell(values, sign="", digits=2):
    mean, half = interval(values)
    return f"{mean:{sign}.{digits}f} ± {half:.{digits}f}"


def row(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def best_accuracies(runs):
    print("| problem | seeds on | host only | difference | seeds grown |")
    print("|---|---:|---:|---:|---:|")
    for problem, (grown, _, alone) in runs.items():
        best, host = ([accuracy(run, "best") for run in of] for of in (grown, alone))
        gained = [one - other for one, other in zip(best, host)]
        row(f"`{problem}`", cell(best), cell(host), cell(gained, "+"), seeds(grown))


def seeds(runs):
    """How many grew, on average."""
    return f"{sum(run[1]['seeds']['grown'] for run in runs) / len(runs):.1f}"


def reasons(runs):
    """Share of the controller's decisions by their reason."""
    import pyarrow.parquet

    read = pyarrow.parquet.read_table
    columns = (read(run[0] / "policy.parquet").column("reason").to_pylist() for run in runs)
    counted = collections.Counter(reason for column in columns for reason in column)
    return {reason: count / counted.total() for reason, count in counted.items()}


def why(runs):
    print()
    print("| problem | host after the warm-up | accurate enough | no plateau | grown, any accuracy |", end="")
    print(" accuracy by it | loss by it |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for problem, (grown, always, alone) in runs.items():
        share = reasons(grown)
        host = [accuracy(run, "host_only") for run in grown]
        pairs = list(zip(always, alone))
        gained = [accuracy(one, "final") - accuracy(other, "final") for one, other in pairs]
        lost = [loss(one) - loss(other) for one, other in pairs]
        row(
            f"`{problem}`",
            cell(host),
            f"{share.get('accurate_enough', 0):.0%}",
            f"{share.get('no_plateau', 0):.0%}",
            seeds(always),
            cell(gained, "+"),
            cell(lost, "+", 4),
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kaslite", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--seeds", type=int, default=5, choices=range(2, 11))
    parser.add_argument("--keep", type=pathlib.Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (args.keep or pathlib.Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        arms = {"grown": [], "always": ["train.acc_threshold=1.0"], "alone": ["seeds.controller=none"]}
        runs = {
            problem: [
                [train(args.kaslite, folder, problem, arm, seed, *given) for seed in range(1, args.seeds + 1)]
                for arm, given in arms.items()
            ]
            for problem in PROBLEMS
        }
        best_accuracies(runs)
        try:
            why(runs)
        except ImportError:
            print("no second table: pyarrow cannot be imported", file=sys.stderr)


if __name__ == "__main__":
    main()

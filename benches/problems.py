#!/usr/bin/env python3
"""Best validation accuracy on the five problems, with seeds and without, over several rng seeds.

    benches/problems.py KASLITE [--seeds 5] [--keep FOLDER]

KASLITE is the program, kaslite-torch beside it. Prints a table of Markdown: mean and 95 % interval
(Student's t), and of the differences of pairs with the same rng seed. All runs have the params of
params.yaml of this repository, but for the problem and who lets seeds grow.
"""

import argparse
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


def train(kaslite, folder, problem, controller, seed):
    """One run; its best accuracy in percent, how many seeds grew, its last accuracy."""
    name = f"{problem}-{controller}-{seed}"
    command = [kaslite, "train", "--params", ROOT / "params.yaml", "--name", name, "--json"]
    command += ["--problem_type", problem, "--seed", str(seed)]
    command += ["--set", f"seeds.controller={controller}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{name}: {done.stderr}")
    (run,) = (folder / "results/runs").glob(f"{name}_*")
    metrics = json.loads((run / "train/metrics.json").read_text())
    accuracy = metrics["metric"]["accuracy"]
    return 100 * accuracy["best"], metrics["seeds"]["grown"], 100 * accuracy["final"]


def interval(values):
    """Mean and half the width of its 95 % interval."""
    count = len(values)
    mean = sum(values) / count
    variance = sum((value - mean) ** 2 for value in values) / (count - 1)
    return mean, T[count - 1] * math.sqrt(variance / count)


def cell(values, sign=""):
    mean, half = interval(values)
    return f"{mean:{sign}.2f} ± {half:.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kaslite", type=lambda text: pathlib.Path(text).resolve())
    parser.add_argument("--seeds", type=int, default=5, choices=range(2, 11))
    parser.add_argument("--keep", type=pathlib.Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (args.keep or pathlib.Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        print("| problem | seeds on | host only | difference | seeds grown |")
        print("|---|---:|---:|---:|---:|")
        for problem in PROBLEMS:
            seeds = range(1, args.seeds + 1)
            grown = [train(args.kaslite, folder, problem, "kasmina", seed) for seed in seeds]
            alone = [train(args.kaslite, folder, problem, "none", seed) for seed in seeds]
            best, host = [run[0] for run in grown], [run[0] for run in alone]
            gained = [one - other for one, other in zip(best, host)]
            count = sum(run[1] for run in grown) / len(grown)
            row = [f"`{problem}`", cell(best), cell(host), cell(gained, "+"), f"{count:.1f}"]
            print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""`kaslite runs list` over many records.

    python3 benches/runs.py [--kaslite PATH] [--records 10000] [--runs 9]

One run is recorded, and its record copied with other params, metrics, tags and times. What is printed are
medians: with the index that is kept in `.kaslite`, after one record has changed, with no index at all, and of other
questions with the index.
"""

import argparse
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PIPELINE = """\
stages:
  train:
    cmd: 'cat $KASLITE_PARAMS > model && echo "{\\"metric\\": {\\"accuracy\\": {\\"val\\": 0.5, \\"best\\": 0.5}}, \\"loss\\": {\\"val\\": 1.0}}" > metrics.json'
    params: [train, data]
    outs: [model]
    metrics: [metrics.json]
"""
PARAMS = "train:\n  lr: 0.5\n  rng_seed: 1\n" + "".join(f"  p{i}: {i}\n" for i in range(20)) + "data:\n" + "".join(
    f"  d{i}: {i}\n" for i in range(10)
)
WHERE = "train.lr < 0.01 and metric.accuracy.val > 0.9"


def generate(kaslite: str, folder: Path, records: int) -> None:
    (folder / "pipeline.yaml").write_text(PIPELINE)
    (folder / "params.yaml").write_text(PARAMS)
    subprocess.run([kaslite, "repro"], cwd=folder, check=True, stderr=subprocess.DEVNULL)
    runs = folder / "results" / "runs"
    (first,) = runs.iterdir()
    texts = {name: (first / name).read_text() for name in ("config.yaml", "summary.json")}
    chance = random.Random(0)
    for index in range(records - 1):
        day, second = divmod(index, 86400 // 9)
        stamp = f"202501{day + 1:02}_{second * 9 // 3600:02}{second * 9 // 60 % 60:02}{second * 9 % 60:02}"
        run_id = f"repro_{stamp}"
        (runs / run_id).mkdir()
        lr, accuracy = round(10 ** chance.uniform(-4, 0), 5), round(chance.random(), 4)
        for name, text in texts.items():
            text = text.replace(first.name, run_id).replace("lr: 0.5", f"lr: {lr}")
            text = text.replace('"train.lr": 0.5', f'"train.lr": {lr}').replace('val": 0.5', f'val": {accuracy}')
            (runs / run_id / name).write_text(text)


def timed(command: list[str], folder: Path, runs: int, before=lambda: None) -> tuple[float, int]:
    times, lines = [], 0
    for _ in range(runs):
        before()
        start = time.perf_counter()
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        times.append(time.perf_counter() - start)
        if done.returncode != 0:
            sys.exit(f"error: {' '.join(command)}: {done.stderr}")
        lines = len(done.stdout.splitlines()) - 1
    return statistics.median(times) * 1000, lines


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--kaslite", default="kaslite")
    arguments.add_argument("--records", type=int, default=10_000)
    arguments.add_argument("--runs", type=int, default=9)
    args = arguments.parse_args()
    kaslite = shutil.which(args.kaslite) or sys.exit(f"error: no `{args.kaslite}`")
    kaslite = str(Path(kaslite).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(kaslite, folder, args.records)
        command = [kaslite, "runs", "list", "--where", WHERE]
        index = folder / ".kaslite" / "runs"
        records = sorted((folder / "results" / "runs").iterdir())

        def change() -> None:
            config = records[len(records) // 2] / "config.yaml"
            config.write_text(config.read_text() + "\n")

        cold, _ = timed(command, folder, max(1, args.runs // 4), before=lambda: index.unlink(missing_ok=True))
        warm, found = timed(command, folder, args.runs)
        one, _ = timed(command, folder, args.runs, before=change)
        others = {
            "sorted by a metric": [*command, "--sort", "metric.accuracy.val"],
            "as JSON, two columns": [*command, "--json", "--columns", "run,metric.accuracy.val"],
            "as JSON, whole records": [*command, "--json"],
            "all runs": command[:3],
            "all runs as JSON": [*command[:3], "--json"],
        }
        others = {name: timed(other, folder, args.runs)[0] for name, other in others.items()}
        print(f"{args.records} records, {found} fit `{WHERE}`")
        print(f"with the index           {warm:8.1f} ms")
        print(f"one record has changed   {one:8.1f} ms")
        print(f"without an index         {cold:8.1f} ms")
        for name, milliseconds in others.items():
            print(f"{name:<24} {milliseconds:8.1f} ms")


if __name__ == "__main__":
    main()

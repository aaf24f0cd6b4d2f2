"""How much of a full build does a rebuild cost when 1 % of the articles changed?

    python -m benchmarks.rebuild SOURCE.jsonl.gz --work FOLDER [--share 0.01] [--jobs 2] [--rounds 1]

Builds SOURCE into an empty cache (as a full build does that will be reused), changes a share of its
articles, builds that with the cache and, to compare, without one; in several rounds, each from the same
caches and with nothing left to be written to disk. Prints seconds by stage, the ratio of incremental to
full (of the medians), and whether both gave the same bytes. The compiled lexicon is cached for all.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import shutil
import statistics
from pathlib import Path

from engine.index.manifest import describe_file
from index_builder.build_report import BuildReport
from index_builder.pipeline import BuildOptions, build_index

LEXICON = Path(__file__).resolve().parents[1] / "lexicon"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.01)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=1)
    arguments = parser.parse_args()
    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    changed = work / "changed.jsonl"
    count = write_changed(arguments.source, changed, arguments.share)
    caches = {name: work / f"cache-{name}" for name in ("used", "empty")}
    for cache in caches.values():
        shutil.rmtree(cache, ignore_errors=True)
    # One tiny build, so that the lexicon is compiled for all that are timed.
    tiny = work / "tiny.jsonl"
    tiny.write_text(changed.read_text("utf-8").partition("\n")[0], "utf-8")
    build(tiny, work / "tiny", caches["used"], 1)
    shutil.copytree(caches["used"], caches["empty"])
    first = build(arguments.source, work / "index-first", caches["used"], arguments.jobs)
    reports = [("first, cache written", first)]
    seconds: dict[str, list[float]] = {"used": [], "empty": []}
    for _ in range(arguments.rounds):
        for name, cache in caches.items():
            fresh = work / "cache-fresh"
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.copytree(cache, fresh)
            # A disk that is still writing the copies would slow down what is timed.
            os.sync()
            report = build(changed, work / f"index-{name}", fresh, arguments.jobs)
            seconds[name].append(report.seconds)
            reports.append((f"{arguments.share:.0%} changed, cache {name}", report))
            if name == "used":
                again = report.articles - report.reused
    print_table(reports)
    same = content(work / "index-used") == content(work / "index-empty")
    print(f"changed articles: {count}; cut again: {again}")
    incremental, full = map(statistics.median, seconds.values())
    print(f"incremental / full: {incremental:.1f} s / {full:.1f} s = {incremental / full:.3f}")
    print("same bytes" if same else "DIFFERENT BYTES")


def write_changed(source: Path, out: Path, share: float) -> int:
    """Write the articles of `source` with a drawn share of them edited; return how many."""
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    count = round(share * len(records))
    draw = random.Random(1)  # noqa: S311 - a draw, not a secret
    for number, record in enumerate(draw.sample(records, count), start=1):
        record["title"] += "(修订)"
        record["body"] = f"编者按:本文于第{number}次修订时更新。\n" + record["body"]
    with out.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    return count


def build(source: Path, out: Path, cache: Path, jobs: int) -> BuildReport:
    """Build `source` anew into `out`."""
    shutil.rmtree(out, ignore_errors=True)
    return build_index(BuildOptions([source], out, LEXICON, jobs, cache))


def content(index: Path) -> dict[str, str]:
    """Return the digest of each file of an index."""
    return {path.name: describe_file(path).sha256 for path in index.iterdir()}


def print_table(reports: list[tuple[str, BuildReport]]) -> None:
    """Print the seconds of each stage."""
    stages = [stage.name for stage in reports[0][1].stages]
    print("| build | " + " | ".join(stages) + " | total s |")
    print("|---" * (len(stages) + 2) + "|")
    for name, report in reports:
        seconds = [f"{stage.seconds:.1f}" for stage in report.stages]
        print(f"| {name} | " + " | ".join(seconds) + f" | {report.seconds:.1f} |")


if __name__ == "__main__":
    main()

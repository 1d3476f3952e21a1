#!/usr/bin/env python3
"""Makes src/store/record.dict, the dictionary that extraction records are compressed with.

    scripts/make_dictionary.py BINARY

Trained by `zstd --train` on what BINARY, a built waqia, extracts from the texts of this project: seeds, cases of the tests and of the lexicon.
What is stored names its dictionary; another one is added beside the old, never put in its place.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZE = 64 << 10


def texts():
    for path in sorted((ROOT / "seeds").rglob("*.md")):
        yield path.read_text().split("---\n", 2)[-1]
    for path in sorted((ROOT / "tests" / "cases").glob("*.txt")):
        yield from (line for line in path.read_text().splitlines() if len(line) > 60)
    sentences = []
    for path in sorted((ROOT / "lexicon").rglob("*.toml")):
        sentences += [s for s in re.findall(r'"([A-Z][^"\\]{40,})"', path.read_text()) if " " in s]
    # As long as news: some sentences together.
    for i in range(0, len(sentences), 6):
        yield " ".join(sentences[i : i + 6])


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        source = folder / "texts.ndjson"
        source.write_text("".join(json.dumps({"id": f"t{n}", "text": text, "published": "2024-05-01"}) + "\n" for n, text in enumerate(texts())))
        records = subprocess.run([sys.argv[1], "extract", source], check=True, capture_output=True, text=True).stdout
        samples = []
        for n, line in enumerate(records.splitlines()):
            record = json.loads(line)
            # A report keeps its incident alone.
            for m, sample in enumerate([record, *record["incidents"]]):
                samples.append(folder / f"{n}-{m}.json")
                samples[-1].write_text(json.dumps(sample, separators=(",", ":"), ensure_ascii=False))
        command = ["zstd", "-q", "--train", "-r", folder, f"--maxdict={SIZE}", "--dictID=1", "-f", "-o", ROOT / "src" / "store" / "record.dict"]
        source.unlink()
        subprocess.run(command, check=True)
        print(f"{len(samples)} samples")


if __name__ == "__main__":
    main()

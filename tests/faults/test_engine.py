"""Texts made to be slow: the engine's time and the size of its record grow with the text, whatever it says."""

import itertools
import os
import random
import resource
import subprocess
import unittest

from common import BINARY, LONG, ROOT, FaultCase, documents, long, ndjson

TOWNS = "Peshawar Quetta Karachi Lahore Kabul Kandahar Herat Kunduz Swat Kohat Bannu Hangu Tank Multan Sukkur Delhi Mumbai Srinagar".split()
FIRST = "Ahmed Ali Khan Omar Hassan Malik Noor Gul Zia Rashid Tariq Imran Bilal Usman Yusuf Salman".split()
LAST = "Afridi Mehsud Wazir Bugti Marri Khattak Yousafzai Durrani Barakzai Haqqani Shinwari Orakzai".split()

# Bytes of each text: a debug build takes some ten seconds a megabyte.
SIZE = 1_000_000 if LONG else 250_000

# CPU seconds of a trap for each of as much plain news, read by the same build in the same minute: so the bound holds for a release and a
# debug build, on a fast machine and a slow one. Plain news takes some 0.35 s a megabyte in a release build. Before the passes were mended these
# took at 1 MB, in the order below, 32.2, 21.0, 7.8, 5.1, 2.7, 3.6, 3.2 and 3.3 s; relations now take 0.6, attacks 1.1, reports and statements 0.9,
# claimants 0.5.
TIMES_NEWS = 5.0

# The record of a hostile text is at most so many times as large as the text. "he said that", over and over, gave one of 95 times.
TIMES_TEXT = 40

# No run takes longer than this; then it is ended, and fails.
MOST_CPU_SECONDS = 120


def pieces(size, piece):
    """Pieces one after the other, about `size` bytes of them."""
    chance, text, length = random.Random(4), [], 0
    for number in itertools.count():
        text.append(piece(chance, number))
        length += len(text[-1])
        if length >= size:
            return "".join(text)


def distinct(number):
    """A name that no list has, another for each number."""
    letters = [("BDFGHJKLMNPQRSTVWZ", 1), ("aeiou", 18), ("lmnrst", 90), ("aeiou", 540), ("kbd", 2700), ("aeiou", 8100)]
    return "".join(group[number // step % len(group)] for group, step in letters)


TRAPS = {
    "list of towns": lambda chance, _: f"{chance.choice(TOWNS)}, ",
    "in Peshawar in Quetta": lambda chance, _: f"in {chance.choice(TOWNS)} ",
    "relations": lambda *_: "The TTP, an ally of al-Qaeda, split from the Haqqani network. ",
    "repeated attacks": lambda *_: "Another attack in Peshawar killed 3 people. ",
    "repeated reports": lambda *_: "Gunmen killed three policemen in Peshawar on Monday, officials said. ",
    "statements on one attack": lambda *_: "Khan said the attack in Peshawar killed 3. ",
    "names": lambda chance, _: f"{chance.choice(FIRST)} {chance.choice(LAST)} ",
    "claimants, all different": lambda _, number: f"The {distinct(number)} Army claimed the attack. ",
    "nested statements": lambda *_: "he said that ",
    "nested groups": lambda *_: "a number of ",
}


def extract(path):
    """CPU seconds and bytes of the records of a run of `waqia extract`; it must end well."""

    def bound():
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))

    process = subprocess.Popen([BINARY, "extract", "--jobs", "1", str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, preexec_fn=bound)
    n_bytes = sum(len(part) for part in iter(lambda: process.stdout.read(1 << 20), b""))
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime, n_bytes


class Engine(FaultCase):
    def extract(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return extract(path)

    def seconds(self, name, data):
        code, seconds, _ = self.extract(name, data)
        self.assertEqual(code, 0)
        return max(seconds - self.start, 0.01)

    def test_traps_cost_little_more_than_news(self):
        """Each is read in about the time of as much plain news, into a record of bounded size."""
        self.start = self.extract("nothing.txt", b"x")[1]
        reports, n_bytes = [], 0
        for document in documents(5_000):
            reports.append(document)
            n_bytes += len(document["text"])
            if n_bytes >= SIZE:
                break
        news = self.seconds("news.ndjson", ndjson(reports)) * SIZE / n_bytes
        self.figure(f"plain news {news:.2f} CPU s for {SIZE} bytes")
        for name, piece in TRAPS.items():
            with self.subTest(name):
                text = pieces(SIZE, piece).encode()
                code, seconds, size = self.extract("trap.txt", text)
                seconds -= self.start
                self.figure(f"{name}: {seconds:.2f} CPU s, {seconds / news:.1f} times plain news; record {size / len(text):.1f} times the text")
                self.assertEqual(code, 0, f"it did not end well, after {seconds:.0f} CPU seconds")
                self.assertLess(seconds, TIMES_NEWS * news)
                self.assertLess(size, TIMES_TEXT * len(text))

    @long
    def test_all_traps(self):
        """The bench prints all of them; none is above its mark of a CPU second a megabyte."""
        bench = ["cargo", "bench", "--quiet", "--bench", "traps", "--no-default-features"]
        done = subprocess.run(bench, cwd=ROOT, capture_output=True, text=True, timeout=3600)
        self.assertEqual(done.returncode, 0, done.stderr[-1000:])
        self.figure("seconds a megabyte\n" + done.stdout)
        over = [line for line in done.stdout.splitlines() if line.startswith("!")]
        self.assertEqual(over, [])


if __name__ == "__main__":
    unittest.main()

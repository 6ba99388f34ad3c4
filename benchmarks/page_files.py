"""A file of 190 MB opened by the page: how long, how much memory, and whether other pages answer meanwhile.

python benchmarks/page_files.py
"""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from pathlib import Path

import httpx
import psutil

from auditkit.page.open_page import server

MEGABYTES = 190


def rows_file(folder: Path) -> Path:
    """Rows of made-up cases, up to the size."""
    path = folder / "rows.csv"
    with path.open("w") as file:
        file.write("sex,age,office,score,controlled,debt\n")
        block = "".join(
            f"{'FM'[i % 2]},{18 + i * 7 % 70},office {i % 40},{i * 37 % 1000 / 1000},"
            f"{'yes' if i % 11 == 0 else 'no'},{'yes' if i % 5 == 0 else 'no'}\n"
            for i in range(50_000)
        )
        while file.tell() < MEGABYTES * 1_000_000:
            file.write(block)
    return path


def memory() -> float:
    """Megabytes that the server and what works for it hold (proportional set size: shared pages counted once)."""
    total = 0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        try:
            total += process.memory_full_info().pss
        except (psutil.Error, AttributeError):
            continue
    return total / 1e6


async def measure(path: Path) -> None:
    """The file handed in, the table shown, the doubts looked for."""
    peak, slowest = 0.0, 0.0
    async with server(None, "en") as (_, address), httpx.AsyncClient(timeout=600, follow_redirects=True) as client:
        base = address.partition("/?")[0]
        here = {"origin": base}
        page = (await client.get(address)).text

        async def watch(work: asyncio.Task[httpx.Response]) -> httpx.Response:
            nonlocal peak, slowest
            while not work.done():
                began = time.perf_counter()
                await client.get(f"{base}/page.js")
                slowest = max(slowest, time.perf_counter() - began)
                peak = max(peak, await asyncio.to_thread(memory))
                await asyncio.sleep(0.2)
            answer = work.result()
            while "/attente" in str(answer.url):
                answer = await watch(asyncio.ensure_future(client.get(f"{base}/attente")))
            return answer

        for what, fields, files in (
            ("opened", {"what": "rows"}, {"file_rows": ("rows.csv", path.open("rb"))}),
            ("checked", {"column0": "group", "column3": "score", "column4": "selected", "value4": "yes"}, None),
        ):
            ticket = re.findall(r'name="ticket" value="([^"]+)"', page)[0]
            began = time.perf_counter()
            target = "/debut" if files else "/tableau"
            asked = client.post(base + target, data={"ticket": ticket, **fields}, files=files, headers=here)
            answer = await watch(asyncio.ensure_future(asked))
            page = answer.text
            heading = re.findall(r"<h1[^>]*>(.*?)</h1>", page)[:1]
            print(f"{what}: {time.perf_counter() - began:.1f} s, {answer.url.path}, {heading}")
    print(f"peak of memory: {peak:.0f} MB; slowest other page: {slowest:.2f} s")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as held:
        asyncio.run(measure(rows_file(Path(held))))

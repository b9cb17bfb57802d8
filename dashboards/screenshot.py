"""`python -m dashboards.screenshot FOLDER`: the dealer funnel on phone, desk and wall, light and dark."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboards.browser import running_app, running_browser, settle
from serving.settings import ReaderSettings

# Width and height of the window, and device pixels for each of its pixels.
SCREENS = {"phone": (390, 844, 2), "desk": (1440, 900, 1), "wall": (1920, 1080, 1)}
MODES = ("light", "dark")


def pictures(data_dir: Path, folder: Path, path: str = "/") -> Iterator[Path]:
    """Write one picture of the whole page for each screen and mode; give each as it is written."""
    folder.mkdir(parents=True, exist_ok=True)
    with running_app(data_dir) as address, running_browser() as browser:
        for screen, (width, height, scale) in SCREENS.items():
            for mode in MODES:
                context = browser.new_context(
                    viewport={"width": width, "height": height},
                    device_scale_factor=scale,
                    color_scheme=mode,
                    reduced_motion="reduce",
                )
                page = context.new_page()
                page.goto(f"{address}/{path.lstrip('/')}")
                yield _picture(page, folder / f"{screen}-{mode}.png", width)
                context.close()


def _picture(page: Any, file: Path, width: int) -> Path:
    """Make the window as high as the page, which scrolls inside an element, and take the picture."""
    settle(page)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": height + 60})
    settle(page)
    page.wait_for_timeout(700)  # the charts' own animation, which reduced motion does not switch off
    page.screenshot(path=str(file))
    return file


def main() -> None:
    """Write the pictures and name them."""
    parser = argparse.ArgumentParser(prog="python -m dashboards.screenshot", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data-dir", type=Path, default=ReaderSettings().data_dir)
    parser.add_argument("--path", default="/", help="page and query, e.g. '/?region=Bayern'")
    arguments = parser.parse_args()
    for file in pictures(arguments.data_dir.resolve(), arguments.folder, arguments.path):
        print(f"{file}  {file.stat().st_size >> 10} kB")


if __name__ == "__main__":
    main()

"""Copies the named front-end files from the locked npm packages to `var/vendor/`, where Django and typst find them."""

import re
import shutil
from pathlib import Path

from agency.embedded import locations
from agency.embedded.errors import ServiceError

NODE_MODULES = locations.CHECKOUT / "node_modules"
TARGET = locations.CHECKOUT / "var" / "vendor"
TEST_TARGET = locations.CHECKOUT / "var" / "vendor-test"

FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "tabler-theme.min.js": "@tabler/core/dist/js/tabler-theme.min.js",
    "vis-timeline-graph2d.min.js": "vis-timeline/standalone/umd/vis-timeline-graph2d.min.js",
    "vis-timeline-graph2d.min.css": "vis-timeline/styles/vis-timeline-graph2d.min.css",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "fonts/NotoSans-Regular.ttf": "@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf",
    "fonts/NotoSans-Italic.ttf": "@expo-google-fonts/noto-sans/400Regular_Italic/NotoSans_400Regular_Italic.ttf",
    "fonts/NotoSans-Bold.ttf": "@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf",
    "fonts/NotoSansArabic-Regular.ttf": "@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf",
    "fonts/NotoSansArabic-Bold.ttf": "@expo-google-fonts/noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf",
    "fonts/NotoEmoji-Regular.ttf": "@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf",
}
TEST_FILES = {"axe.min.js": "axe-core/axe.min.js"}  # only where the development packages are installed

ICON_NAMES = """
    activity alert-triangle archive arrow-left arrow-right arrows-sort ban bell brand-facebook brand-instagram
    brand-linkedin brand-tiktok brand-twitch brand-x brand-youtube briefcase building building-store bulb calculator
    calendar calendar-event calendar-stats category chart-bar chart-dots chart-line check chevron-down chevron-left
    chevron-right chevron-up circle-check circle-dashed circle-x clock coin dashboard database device-mobile dots
    dots-vertical download exclamation-circle external-link eye eye-off file-text file-type-pdf filter flag heart
    help-circle hierarchy history home info-circle key link list lock lock-open login logout mail map-pin menu-2
    message-circle microphone moon news note notes pencil player-play plus refresh replace rss school search selector
    server-2 settings shield shield-check star sun sun-moon table tag tags target timeline trash trending-down
    trending-up upload user user-circle user-plus users world x
"""
ICONS = ICON_NAMES.split()  # outlines of @tabler/icons

SOURCE_MAP = re.compile(rb"\n?(//# sourceMappingURL=\S*|/\*# sourceMappingURL=[^*]*\*/)")


def wanted() -> dict[str, str]:
    """Every vendored file: its path below `vendor/`, and where it stands in node_modules."""
    icons = {f"icons/{name}.svg": f"@tabler/icons/icons/outline/{name}.svg" for name in ICONS}
    return FILES | icons


def copy_vendor_files(node_modules: Path = NODE_MODULES, target: Path = TARGET, test_target: Path = TEST_TARGET) -> int:
    """Makes `target` hold exactly the listed files and returns how many; an error names those that are missing."""
    files = wanted()
    missing = [source for source in files.values() if not (node_modules / source).is_file()]
    if missing:
        raise ServiceError(
            f"Not in {node_modules}: {', '.join(missing)}. Run `npm ci`, or mend agency/embedded/vendor.py."
        )
    unlisted = {path for path in target.rglob("*") if path.is_file()} - {target / name for name in files}
    for path in unlisted:
        path.unlink()
    for name, source in files.items():
        copy_without_source_map(node_modules / source, target / name)
    for name, source in TEST_FILES.items():
        if (node_modules / source).is_file():
            copy_without_source_map(node_modules / source, test_target / name)
    return len(files)


def copy_without_source_map(source: Path, target: Path) -> None:
    """Static storage with a manifest refuses a file that points at a source map which is not there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix in {".js", ".css"}:
        target.write_bytes(SOURCE_MAP.sub(b"", source.read_bytes()))
    else:
        shutil.copyfile(source, target)

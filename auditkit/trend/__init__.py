"""Many results of one system, in the order of time: what changed for whom, told apart from chance at every look."""

from auditkit.trend.series import Arrival, Point, Split, Trend, Watched
from auditkit.trend.trend_files import trend_csv, trend_json
from auditkit.trend.trend_page import TrendPage, prepare_trend, render_trend
from auditkit.trend.watch import trend

__all__ = [
    "Arrival", "Point", "Split", "Trend", "TrendPage", "Watched", "prepare_trend", "render_trend", "trend",
    "trend_csv", "trend_json",
]  # fmt: skip

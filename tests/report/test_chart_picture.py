"""Charts as pictures: twice the size, on white, with title, filter and Chinese in them."""

from __future__ import annotations

import io

import altair as alt
import pandas as pd
import pytest
from PIL import Image

from greenpack.reasons import GreenPackError
from greenpack.report.chart_picture import chart_png


def bars(**properties: object) -> alt.Chart:
    data = pd.DataFrame({"day": ["a", "b"], "parcels": [1, 2]})
    return alt.Chart(data).mark_bar().encode(x="day", y="parcels").properties(**properties)


def picture(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert image.format == "PNG"
    return image.convert("RGB")


def test_a_chart_is_drawn_at_twice_its_size_on_white() -> None:
    image = picture(chart_png(bars(width=200, height=100)))
    assert image.width > 400
    assert image.height > 200
    assert image.getpixel((2, 2)) == (255, 255, 255)
    assert len(image.getcolors(1 << 20) or []) > 2


def test_a_chart_that_fills_its_page_gets_a_size() -> None:
    assert picture(chart_png(bars(width="container"))).width > 1800


def test_title_and_filter_stand_over_it() -> None:
    bare = picture(chart_png(bars(width=200, height=100)))
    told = picture(chart_png(bars(width=200, height=100), "违规率", ["浙江/杭州", "2026-11"]))
    assert told.height > bare.height + 80
    # Chinese signs are drawn as themselves: another one is another picture.
    other = picture(chart_png(bars(width=200, height=100), "违规量", ["浙江/杭州", "2026-11"]))
    assert told.tobytes() != other.tobytes()


def test_data_from_elsewhere_is_not_fetched() -> None:
    chart = alt.Chart("https://example.org/data.csv").mark_bar().encode(x="a:N")
    with pytest.raises(GreenPackError) as caught:
        chart_png(chart)
    assert caught.value.code == "chart_not_drawn"

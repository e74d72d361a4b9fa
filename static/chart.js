// Draws the charts of a page: <div class="chart" data-chart="followers|posts" data-points="id of the JSON">.
// Safe to run twice; redraws when the theme changes or a part of the page is swapped.
(() => {
  "use strict";

  const ACCENTS = ["#2f7fd6", "#1f9e8a", "#c98a1b", "#8a63d2", "#c7517f", "#6b7a90"];

  function colours() {
    const style = getComputedStyle(document.body);
    return { ink: style.color };
  }

  function compact(value) {
    return new Intl.NumberFormat(document.documentElement.lang || "en", {
      notation: "compact",
      maximumFractionDigits: 1,
    }).format(value);
  }

  function full(value) {
    return new Intl.NumberFormat(document.documentElement.lang || "en").format(value);
  }

  function axes(ink, extra) {
    const label = { color: ink, hideOverlap: true };
    const faint = { color: ink, opacity: 0.15 };
    return {
      xAxis: { type: "time", axisLabel: label, axisLine: { lineStyle: faint }, splitLine: { show: false } },
      yAxis: {
        type: "value",
        axisLabel: { color: ink, formatter: compact },
        splitLine: { lineStyle: faint },
        ...extra,
      },
    };
  }

  function base(ink, many) {
    return {
      animation: false,
      color: ACCENTS,
      grid: { left: 8, right: 16, top: 16, bottom: many ? 32 : 8, containLabel: true },
      legend: { show: many, bottom: 0, type: "scroll", textStyle: { color: ink }, icon: "roundRect" },
    };
  }

  function followers(curves, _words, { ink }) {
    return {
      ...base(ink, curves.length > 1),
      ...axes(ink, { scale: true }),
      tooltip: { trigger: "axis", valueFormatter: full },
      series: curves.map((curve) => ({
        name: curve.label,
        type: "line",
        data: curve.points,
        showSymbol: curve.points.length < 40,
        symbolSize: 5,
        lineStyle: { width: 2 },
      })),
    };
  }

  function posts(points, words, { ink }) {
    const accounts = [...new Set(points.map((point) => point.account))];
    const seen = (point) => point.views ?? point.likes;
    return {
      ...base(ink, accounts.length > 1),
      ...axes(ink, {}),
      tooltip: {
        formatter: ({ data, seriesName }) => {
          const box = document.createElement("div");
          const when = new Intl.DateTimeFormat(document.documentElement.lang || "en", { dateStyle: "medium" });
          const lines = [seriesName, when.format(new Date(data.value[0])), `${data.word}: ${full(data.value[1])}`];
          if (data.isSponsored) lines.push(words.sponsored);
          for (const text of lines) {
            const row = document.createElement("div");
            row.textContent = text;
            box.append(row);
          }
          return box;
        },
      },
      series: accounts.map((account) => ({
        name: account,
        type: "scatter",
        data: points
          .filter((point) => point.account === account && seen(point) !== null)
          .map((point) => ({
            value: [point.at, seen(point)],
            word: point.views === null ? words.likes : words.views,
            isSponsored: point.sponsored === "yes",
            symbol: point.sponsored === "yes" ? "diamond" : "circle",
            symbolSize: point.sponsored === "yes" ? 13 : 9,
          })),
      })),
    };
  }

  const KINDS = { followers, posts };

  function draw(place) {
    const source = document.getElementById(place.dataset.points);
    if (!source || typeof echarts === "undefined") return;
    const chart = echarts.getInstanceByDom(place) || echarts.init(place);
    chart.setOption(KINDS[place.dataset.chart](JSON.parse(source.textContent), place.dataset, colours()), true);
  }

  function drawAll() {
    document.querySelectorAll("[data-chart]").forEach(draw);
  }

  drawAll();
  if (window.mesoChartsReady) return;
  window.mesoChartsReady = true;
  document.addEventListener("htmx:afterSettle", drawAll);
  // The colours change one frame after the theme does.
  document.addEventListener("meso:theme", () => requestAnimationFrame(drawAll));
  window.addEventListener("resize", () => {
    document.querySelectorAll("[data-chart]").forEach((place) => {
      const chart = typeof echarts === "undefined" ? null : echarts.getInstanceByDom(place);
      if (chart) chart.resize();
    });
  });
})();

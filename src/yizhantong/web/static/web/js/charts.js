// Draws trends, bars and the map of figures from /figures/<code>/chart/; the same values stand in tables beside them.
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const texts = document.documentElement.lang.startsWith("en") ? { within: "in the month", total: "so far" } : { within: "当月", total: "累计" };
const sources = new Map();
const charts = [];

function load(url) {
  if (!sources.has(url)) sources.set(url, fetch(url).then((answer) => answer.json()));
  return sources.get(url);
}

function base(data) {
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    textStyle: { fontFamily: token("--sans"), color: token("--ink-2") },
    grid: { left: 8, right: 24, top: 36, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => (value == null ? "—" : `${value}${data.unit}`) },
  };
}
const axis = () => ({ axisLine: { lineStyle: { color: token("--line-2") } }, axisLabel: { color: token("--ink-2") }, splitLine: { lineStyle: { color: token("--line") } } });

function trend(data) {
  const line = { type: "line", name: texts.total, data: data.trend.total, symbolSize: 6, color: token("--red"), lineStyle: { width: 2.5 } };
  const bars = { type: "bar", name: texts.within, data: data.trend.within, color: token("--line-2"), barMaxWidth: 28 };
  return {
    ...base(data),
    legend: { top: 0, right: 0, textStyle: { color: token("--ink-2") } },
    xAxis: { type: "category", data: data.trend.months, ...axis() },
    yAxis: { type: "value", name: data.axis, nameTextStyle: { color: token("--ink-3"), align: "left" }, ...axis() },
    series: data.additive ? [bars, line] : [{ ...line, name: texts.within, data: data.trend.within }],
  };
}

function parts(data) {
  const sorted = data.parts.filter((part) => part.value != null).sort((a, b) => a.value - b.value).slice(-30);
  return {
    ...base(data),
    xAxis: { type: "value", ...axis() },
    yAxis: { type: "category", data: sorted.map((part) => part.name), ...axis() },
    series: [{ type: "bar", data: sorted.map((part) => part.value), color: token("--red"), barMaxWidth: 18, label: { show: sorted.length <= 12, position: "right", color: token("--ink-2") } }],
  };
}

async function map(data) {
  if (!echarts.getMap("city")) echarts.registerMap("city", await load(data.map));
  const values = data.parts.filter((part) => part.code);
  const most = Math.max(...values.map((part) => part.value ?? 0), 1);
  const nameOf = (code) => values.find((part) => part.code === code)?.name ?? "";
  return {
    ...base(data),
    tooltip: { trigger: "item", renderMode: "richText", formatter: ({ name, value }) => `${nameOf(name)} ${Number.isFinite(value) ? value : "—"}${data.unit}` },
    visualMap: { min: 0, max: most, left: 0, bottom: 0, inRange: { color: [token("--surface-2"), token("--map-full")] }, textStyle: { color: token("--ink-2") } },
    series: [{ type: "map", map: "city", nameProperty: "adcode", data: values.map((part) => ({ name: part.code, value: part.value })), label: { show: true, color: token("--ink"), formatter: ({ name }) => nameOf(name) }, labelLayout: { hideOverlap: true }, itemStyle: { borderColor: token("--ink-3"), areaColor: token("--surface-2") }, emphasis: { label: { color: token("--ink") }, itemStyle: { areaColor: token("--warn-soft") } } }],
  };
}

async function draw() {
  for (const element of document.querySelectorAll("[data-chart-source]")) {
    const data = await load(element.dataset.chartSource);
    const chart = echarts.getInstanceByDom(element) ?? echarts.init(element);
    const options = element.dataset.chart !== "parts" ? trend(data) : data.map ? await map(data) : parts(data);
    chart.setOption(options, true);
    if (!charts.includes(chart)) charts.push(chart);
  }
  document.documentElement.dataset.drawn = "yes";
}
draw();
addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
document.addEventListener("yzt:preference", draw);

// Draws the trend and the parts of a figure; the same values stand in tables below the charts.
const data = JSON.parse(document.getElementById("charts").textContent);
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function base() {
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    textStyle: { fontFamily: token("--sans"), color: token("--ink-2") },
    grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (v) => (v == null ? "—" : `${v}${data.unit}`) },
  };
}
const axis = () => ({ axisLine: { lineStyle: { color: token("--line-2") } }, axisLabel: { color: token("--ink-2") }, splitLine: { lineStyle: { color: token("--line") } } });

function trend() {
  const line = { type: "line", name: "累计", data: data.trend.total, symbolSize: 6, color: token("--red"), lineStyle: { width: 2.5 } };
  const bars = { type: "bar", name: "当月", data: data.trend.within, color: token("--line-2"), barMaxWidth: 28 };
  return { ...base(), legend: { top: 0, textStyle: { color: token("--ink-2") } }, xAxis: { type: "category", data: data.trend.months, ...axis() }, yAxis: { type: "value", ...axis() }, series: data.additive ? [bars, line] : [{ ...bars, type: "line", color: token("--red") }] };
}

function bars() {
  const sorted = [...data.parts].filter((part) => part.value != null).sort((a, b) => a.value - b.value).slice(-30);
  return { ...base(), xAxis: { type: "value", ...axis() }, yAxis: { type: "category", data: sorted.map((part) => part.name), ...axis() }, series: [{ type: "bar", data: sorted.map((part) => part.value), color: token("--red"), barMaxWidth: 18, label: { show: sorted.length <= 12, position: "right", color: token("--ink-2") } }] };
}

function map() {
  const values = data.parts.filter((part) => part.code);
  const most = Math.max(...values.map((part) => part.value ?? 0), 1);
  return { ...base(), tooltip: { trigger: "item", renderMode: "richText" }, visualMap: { min: 0, max: most, left: 0, bottom: 0, calculable: false, inRange: { color: [token("--surface-2"), token("--red")] }, textStyle: { color: token("--ink-2") } }, series: [{ type: "map", map: "city", nameProperty: "adcode", data: values.map((part) => ({ name: part.code, value: part.value })), label: { show: true, color: token("--ink"), formatter: ({ name }) => values.find((part) => part.code === name)?.name ?? "" }, itemStyle: { borderColor: token("--line-2"), areaColor: token("--surface-2") } }] };
}

const charts = [];
async function draw() {
  if (data.map && !echarts.getMap("city")) echarts.registerMap("city", await (await fetch(data.map)).json());
  for (const element of document.querySelectorAll("[data-chart]")) {
    const chart = echarts.getInstanceByDom(element) ?? echarts.init(element);
    chart.setOption(element.dataset.chart === "trend" ? trend() : data.map ? map() : bars(), true);
    if (!charts.includes(chart)) charts.push(chart);
  }
}
draw();
addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
document.addEventListener("yzt:preference", draw);

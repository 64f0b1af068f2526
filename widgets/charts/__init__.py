"""Panels of figures to be read at a distance: trend, funnel, shares, ranking, one figure; each can be exported.

Import from the modules: only `trend` needs pyqtgraph, which costs half a second.

    tile = KpiTile(); tile.set_kpi(Kpi("today", "今日受理", "1,638", "较昨日 −6.2%", Tone.OK, value=1638))
    chart = StageFunnel("七步闭环"); chart.set_rows([BarRow("collect", "采集", 1638), …])
    chart = ShareBars("问题来源", rest="其他 {} 个渠道"); chart.set_rows([BarRow(…), …]); chart.set_foot(BarRow(…))
    chart = Ranking("部门考核"); chart.set_columns([FigureColumn(…)]); chart.set_rows([FigureRow(…)])
    chart = TrendChart("受理与结案", local=city_time); chart.set_trend(Trend(at, [TrendSeries(…)], since, until))
    panel = ChartPanel(chart, detail="今日 00:00 起")     # heading, frame and the menu that exports
    any chart or panel: .type_scale = 1.6; .set_state(TableState(StateKind.LOADING, "正在读取"))
    signals of a chart: figure_clicked(key), state_action(); of a panel's `export`: saved(path), failed(why)
"""

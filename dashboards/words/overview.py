# ruff: noqa: RUF001  Chinese punctuation is meant
"""The words of the overview, and of the stages of the funnel."""

CHINESE = {
    "Overview": "总览",
    "What to look at first, and how the month is going": "先看什么，本月进展如何",
    "No lead has been loaded yet, so there is nothing to tell.": "尚未加载任何线索，暂无可说。",
    "Nothing stands out in {place}: no weak link, and no rate changed.": (
        "{place}无异常：没有薄弱环节，转化率也没有变化。"
    ),
    "**{place}** loses about **{cars}** deliveries at {step} in {period}: {rate} against {reference} at "
    "its peers.": "**{place}**在{period}内于{step}约损失 **{cars}** 台交付：{rate}，同组标杆 {reference}。",
    "**{place}** loses about **{cars}** deliveries at {step} in {period}: {dealers} weak dealers pass {rate} "
    "against {reference} at their peers; {heavy} of them hold most of it.": (
        "**{place}**在{period}内于{step}约损失 **{cars}** 台交付：{dealers} 家薄弱经销商转化 {rate}，"
        "同组标杆 {reference}；其中 {heavy} 家占大部分。"
    ),
    "**{place}** passes fewer at {step} than a year ago: ▼ {points}, {rate} against {reference}.": (
        "**{place}**在{step}的转化低于去年同期：▼ {points}，{rate}，去年 {reference}。"
    ),
    "**{place}** passes more at {step} than a year ago: ▲ {points}, {rate} against {reference}.": (
        "**{place}**在{step}的转化高于去年同期：▲ {points}，{rate}，去年 {reference}。"
    ),
    "The network": "全网",
    "no data": "无数据",
    "vs last month": "较上月同期",
    "{mark} {share} of the target of {target} at this pace": "{mark} 按当前进度完成目标 {target} 的 {share}",
    "Expected at its end: {value}": "预计月末：{value}",
    "{change} against a year ago": "较去年同期 {change}",
    "{month}, day 1 to {day}": "{month} 1 日至 {day} 日",
    "None: no dealer's step falls short of its peers by more than chance explains.": (
        "无：没有经销商在任何环节显著低于同组。"
    ),
    "Weakest step": "最弱环节",
    "Lost deliveries": "损失交付",
    "Rate": "转化率",
    "Peers": "同组",
    "Dealers that lose most, 12 months": "损失最多的经销商，12 个月",
    "Regions that lose most, 12 months": "损失最多的区域，12 个月",
    "Where in the funnel": "漏斗的哪一步",
    "Can the data be trusted": "数据可信吗",
    "Leads": "线索",
    "Cards": "建卡",
    "Visits": "到店",
    "Test drives": "试驾",
    "Orders": "订单",
    "Deliveries": "交付",
}

# ruff: noqa: RUF001  Chinese punctuation is meant
"""The words of the comparison and of the scorecard."""

CHINESE = {
    "Dealer comparison": "经销商对比",
    "Dealers side by side, each against its own peers": "经销商并列，各与同组对比",
    "Dealer scorecard": "经销商记分卡",
    "One dealer: what waits, the month, what to work on": ("单店：待办、本月进度与最该改进的三步"),
    "Order": "排序",
    "Weakest first": "最弱在前",
    "Best first": "最好在前",
    "No dealer has a lead whose window is over.": "没有经销商有窗口已满的线索。",
    "Ranked at {step}": "“{step}”排名",
    "Dot: rate. Pale bar: its Wilson interval at 99 %. Line: benchmark of the dealer's own peers. Shaded: "
    "the middle half of all dealers. Orange: weak. Grey: fewer than {least} leads, not judged.": (
        "点：转化率。浅色条：99% Wilson 区间。线：该店同组标杆。阴影：全部经销商的中间一半。"
        "橙色：薄弱。灰色：少于 {least} 条线索，不评判。"
    ),
    "{shown} of {all} dealers; the table has all.": "共 {all} 家经销商，显示 {shown} 家；表中为全部。",
    "Every step against its peers, pp": "每一步对比同组，pp",
    "Percentage points above or below the benchmark of each dealer's own peers; orange is weak.": (
        "高于或低于各店同组标杆的百分点；橙色为薄弱。"
    ),
    "{dealer}: {rate} ({low} to {high}) of {n} leads, peers {peers}": (
        "{dealer}：{n} 条线索中 {rate}（{low} 至 {high}），同组 {peers}"
    ),
    "Too few leads to judge: {n}": "线索太少，无法评判：{n}",
    "{rate} against {peers} at its peers, {n} leads": "{rate}，同组 {peers}，{n} 条线索",
    "Waiting now: should be 0": "当前待办：应为 0",
    "▲ oldest since {day}": "▲ 最早自 {day}",
    "✓ nothing waits": "✓ 无待办",
    "The month": "本月",
    "Work on these first": "优先改进",
    "Nothing: no step falls short of the peers by more than chance explains.": "无：没有一步显著低于同组。",
    "**{number}. {step}**: :orange[**{rate}**] against {peers} at the peers, about {cars} deliveries a "
    "year.": "**{number}. {step}**：:orange[**{rate}**]，同组 {peers}，每年约 {cars} 台交付。",
    "Answer new leads within 30 minutes, and open a card with every answer.": (
        "30 分钟内回复新线索，每次回复都建卡。"
    ),
    "Offer two fixed times with every call, and remind the day before.": (
        "每次通话给出两个到店时间，并在前一天提醒。"
    ),
    "Offer a test drive to every visitor, and keep a demonstrator ready for each series.": (
        "邀请每位到店客户试驾，每个车系备好试驾车。"
    ),
    "Call within two days of the test drive, with a written quote and a trade-in value.": (
        "试驾后两天内致电，附书面报价与置换估值。"
    ),
    "Confirm dates each week, and call before a promised day is missed.": (
        "每周确认交付日期，在延误前主动联系。"
    ),
    "Leads not contacted": "无人联系的线索",
    "Quotes unanswered": "无答复的报价",
    "Deliveries late": "逾期未交付",
    "Complaints open": "未关闭的投诉",
}

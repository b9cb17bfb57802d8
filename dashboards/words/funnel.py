# ruff: noqa: RUF001  Chinese punctuation is meant
"""The words of the dealer funnel."""

CHINESE = {
    "A dealer's step against the 75th percentile of its peers (same tier and market type). Listed when "
    "at least {least} leads entered and chance does not explain the difference.": (
        "经销商某一步的转化率对比同组（同级别、同市场类型）的 75 分位。"
        "至少 {least} 条线索进入且差距非偶然时列出。"
    ),
    "Basis": "口径",
    "Cohort": "同期群",
    "Activity": "当期发生",
    "Bars show": "条形表示",
    "Share of the stage before": "占上一步",
    "Share of all leads": "占全部线索",
    "Leads left": "剩余线索",
    "Could take it": "可进入",
    "Took it": "已完成",
    "Still open": "仍在窗口内",
    "Of all leads": "占全部线索",
    "Period": "本期",
    "Period before": "上期",
    "A year ago": "去年同期",
    "Network": "全网",
    "Target": "目标",
    "Window over": "窗口已满",
    "Reached": "到达",
    "Stage": "环节",
    "Step": "步骤",
    "Lost": "损失",
    "From": "起",
    "To": "至",
    "Person": "客户编号",
    "First on": "首次",
    "Last on": "最近",
    "vs before": "较上期",
    "vs last year": "较去年",
    "vs network": "较全网",
    "vs target": "较目标",
    "vs region": "较区域",
    "too early": "尚早",
    "Counted leads of the {period}: no test leads, no duplicates.": (
        "{period}内计数的线索：不含测试与重复。"
    ),
    "Leads that took this step within {days} days. The change is that of the rate from {stage}, against the "
    "{period} before.": "在 {days} 天内完成此步的线索。变化为自“{stage}”的转化率，对比上一个{period}。",
    "Rates count leads whose window for the step is over. Orange: the step at which weak links lose most "
    "deliveries. pp: percentage points.": (
        "转化率只计窗口已满的线索。橙色：薄弱环节损失交付最多的一步。pp：百分点。"
    ),
    "Where leads are lost": "线索在哪里流失",
    "Funnel of {place}.": "{place}的漏斗。",
    "Weakest step {step}.": "最弱一步：{step}。",
    "Weak links, {period}": "薄弱环节，{period}",
    "Deliveries lost against the benchmark": "对比标杆损失的交付",
    "Lost: deliveries against the peers' benchmark. Select a row to open the dealer.": (
        "损失：对比同组标杆的交付数。选择一行以打开经销商。"
    ),
    "The first {shown} of {all}.": "共 {all} 条，显示前 {shown} 条。",
    "None: no dealer's stage falls short of its peers by more than chance explains.": (
        "无：没有经销商的环节显著低于同组。"
    ),
    "Against its peers, {period}": "与同组对比，{period}",
    "Dot: rate. Pale bar: the range that chance explains. Line: 75th percentile of the peers. Grey: fewer "
    "than {least} leads, not judged.": (
        "点：转化率。浅色条：偶然可解释的范围。线：同组 75 分位。灰色：少于 {least} 条线索，不评判。"
    ),
    "Too few leads or too few peers to judge this dealer's steps.": "线索或同组太少，无法评判该经销商。",
    "Peers: {n} dealers of group {group}.": "同组：{group} 的 {n} 家经销商。",
    "Rates of the dealer's steps with their intervals and the peers' benchmark": (
        "该经销商各步转化率及区间与同组标杆"
    ),
    "Regions against the network, pp": "区域对比全网，pp",
    "Dealers against the network, pp": "经销商对比全网，pp",
    "Percentage points above or below the network's rate. Fewer than {least} leads: no number.": (
        "高于或低于全网转化率的百分点。少于 {least} 条线索不显示。"
    ),
    "Since when": "从何时起",
    "The rate of one step in equal parts of the period.": "把期间等分后某一步的转化率。",
    "No step has data.": "没有任何步骤有数据。",
    "Too early or too few: no part of the period has {least} leads whose window is over.": (
        "尚早或太少：没有任何时段有 {least} 条窗口已满的线索。"
    ),
    "Rate of {step} over the period": "期间内{step}的转化率",
    "No dealers in these data: weak links and the comparison of regions need them.": (
        "数据中没有经销商：薄弱环节与区域对比需要经销商。"
    ),
    "No lead has been loaded yet, so there is no funnel to show.": "尚未加载任何线索，因此没有漏斗。",
    "No leads of {place} from {first} to {last}. Choose a longer period or another part of the network.": (
        "{place}在 {first} 至 {last} 没有线索。请选择更长的期间或其他范围。"
    ),
    "No source has this stage.": "没有数据源提供此环节。",
    "Dealers at {step}": "“{step}”环节的经销商",
    "Select a row to open the dealer and its people.": "选择一行以打开经销商及其客户。",
    "People at {step}": "“{step}”环节的客户",
    "Numbers stand for people; no name is published.": "编号代表客户；不发布姓名。",
    "Show the people": "显示客户",
    "{n} people.": "{n} 位客户。",
    "Source rows: the SQL that names them in the warehouse": "源数据行：在数仓中定位它们的 SQL",
    "What happened in the period": "期间内发生了什么",
    "What happened in {place}, stage by stage": "{place}各环节发生的数量",
    "Every event of the period counts, whenever its lead came: no rates between the bars.": (
        "期间内发生的每个事件都计数，不论线索何时产生：条形之间没有转化率。"
    ),
    "┃ target": "┃ 目标",
    "◆ network": "◆ 全网",
    "▲ region": "▲ 区域",
    "pale: window still open": "浅色：窗口未满",
    "share of all leads: the product of the steps' rates": "占全部线索：各步转化率之积",
    "rates count leads whose window is over ({shares})": "转化率只计窗口已满的线索（{shares}）",
    "the whole history": "全部历史",
}

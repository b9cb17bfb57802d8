# ruff: noqa: RUF001  Chinese punctuation is meant
"""What every page says: title line, states, sign-in, tables."""

CHINESE = {
    # pages
    "Dealer funnel": "经销商漏斗",
    "Data health": "数据健康",
    "Identity review": "身份复核",
    "Indicator dictionary": "指标字典",
    "Every stage from lead to delivery, against the region, the network and the target": (
        "从线索到交付的每一步，对比区域、全网与目标"
    ),
    "What every number means, where it comes from, whether it can be trusted, and who uses it": (
        "每个数字的含义、来源、可信度与使用者"
    ),
    "Every row read is loaded, rejected or a repeat": "读到的每一行要么入库，要么拒收，要么重复",
    "Are these two records one person? Values are masked": "这两条记录是同一个人吗？取值已脱敏",
    # title line
    "Language": "语言",
    "Data to {day}": "数据截至 {day}",
    "Last load {loaded}; published {published} as version {version}.": (
        "最近加载 {loaded}；发布于 {published}，版本 {version}。"
    ),
    "{rows} rows rejected": "{rows} 行被拒收",
    "1 row rejected": "1 行被拒收",
    "Rows that broke their contract. They are kept and can be replayed: see Data health": (
        "不符合数据契约的行，已保留，可重放：见“数据健康”"
    ),
    "Demo: all dealers": "演示：全部经销商",
    "Sign-in is not configured: everybody on this machine sees everything.": (
        "未配置登录：本机上的任何人都能看到全部数据。"
    ),
    "All dealers": "全部经销商",
    "Region {names}": "区域 {names}",
    "Dealer {names}": "经销商 {names}",
    "{name} and {more} more": "{name} 等 {more} 个",
    # states
    "**Nothing is published yet.** Run `make run`: it loads the sources, builds the indicators and publishes "
    "them. This page needs no restart afterwards.": (
        "**尚未发布任何数据。**运行 `make run`：加载数据源、构建指标并发布，之后本页无需重启。"
    ),
    "**The published snapshot cannot be read.** {error}\n\nRun `forecourt publish`; the warehouse is not "
    "affected.": "**已发布的快照无法读取。**{error}\n\n请运行 `forecourt publish`；数仓不受影响。",
    "**The numbers of this page are withheld:** {reasons}.": "**本页数字暂不展示：**{reasons}。",
    "Read with care: {reasons}.": "请谨慎解读：{reasons}。",
    "**Late data:** {sources}. The numbers of this page may lack what happened since.": (
        "**数据延迟：**{sources}。本页数字可能缺少此后发生的内容。"
    ),
    "{source} was last loaded {moment}, due every {hours} h": (
        "{source} 最近加载于 {moment}，应每 {hours} 小时一次"
    ),
    "**You see no part of the network yet.** Signed in as {name}. Ask whoever looks after Forecourt to grant "
    "you a dealer or a region.": "**您尚无数据权限。**当前登录：{name}。请联系管理员授予经销商或区域权限。",
    "**This page is for readers of all dealers.** It shows what is not counted by dealer.": (
        "**本页仅对可查看全部经销商的用户开放。**其内容不按经销商统计。"
    ),
    "**Who may see what cannot be read.** {error}": "**无法读取权限信息。**{error}",
    "Sign in": "登录",
    "Sign out": "退出登录",
    "Forecourt shows dealers' numbers to those who may see them.": "Forecourt 只向有权限的人展示经销商数据。",
    # tables and figures
    "The numbers behind this chart": "图表背后的数字",
    "Download as CSV": "下载 CSV",
    # periods and places
    "90 days": "90 天",
    "12 months": "12 个月",
    "36 months": "36 个月",
    "Custom": "自定义",
    "period": "所选期间",
    "Leads of the last": "线索时间",
    "From and to": "起止日期",
    "Region": "区域",
    "Dealer": "经销商",
    "All regions": "全部区域",
    "No regions in these data": "数据中没有区域",
    "No dealers in these data": "数据中没有经销商",
    "Whole network": "全网",
}

"""The dimensions by which the trade's catalogue cuts its indicators, by the letters that it writes.

A letter is met by any of its dimensions: what happens in the app happens at no dealer, so that its region is
the person's own.
"""

LETTERS = {
    "D": ("dealer",),
    "R": ("region", "home_region"),
    "S": ("series", "owned_series"),
    "C": ("channel", "first_channel"),
    "P": ("campaign",),
    "A": ("advisor",),
    "O": ("is_owner",),
    "E": ("energy",),
    "V": ("vehicle_age",),
}
CODES_BY_LETTERS = {
    "CPRS": "imp_cnt clk_cnt ctr spend_amt cpl cpl_valid cac",
    "CPS": "site_uv",
    "DRSCP": "lead_raw_cnt lead_cnt lead_valid_cnt lead_valid_rate lead2td_rate",
    "DRSCPO": "lead_uv",
    "DRCP": "lead_dup_rate",
    "RCP": "prospect_new_cnt app_reg_cnt",
    "DRC": "lead_assign_min",
    "DRAC": "lead_resp_min lead_resp30_rate lead_follow_rate lead_reach_rate",
    "DRASC": "lead_lost_rate",
    "DRA": "lead_lost_subj_rate card_ontime_rate visit_card_rate",
    "DRSCA": "card_cnt card_rate appt_cnt td_cnt cancel_rate",
    "DRCA": "appt_rate appt_show_rate",
    "DRSC": "visit_cnt visit_new_cnt td_appt_cnt td_show_rate intent_cnt lock_cnt deal_cycle_days",
    "DRSCO": "visit_uv td_uv order_uv",
    "DRSA": (
        "visit_again_rate td_rate td_score quote_cnt quote_rate visit2order_rate td2order_rate "
        "discount_rate nps nps_svc"
    ),
    "DRSCPA": "lead2visit_rate lead2order_rate",
    "DRS": (
        "app_bind_rate lock_rate backlog_qty order2delivery_rate delivery_ontime_rate new_gm_rate "
        "fin_pen_rate ins_pen_rate tradein_rate acc_amt_unit stock_ratio stock_aged_rate "
        "svc_first_rate recall_done_rate ref_lead_cnt ref_order_rate complaint_rate"
    ),
    "DRSCAE": "order_cnt",
    "DRSCE": "order_amt delivery_cnt atp",
    "DRSE": "delivery_days gp_unit stock_qty",
    "DRSV": (
        "owner_qty owner_active_rate svc_visit_cnt svc_ret12_rate svc_lost_rate svc_gap_days "
        "rebuy_rate svc_amt svc_aro"
    ),
    "RSCO": "app_dau app_wau app_mau",
    "RSO": "app_stick",
    "RCO": "app_ret_d1 app_ret_d7 app_ret_d30",
    "DRSVO": "svc_uv",
    "DRV": "svc_same_dealer_rate",
    "RS": "conn_renew_rate",
    "DR": "svc_gm_rate svc_absorb_rate",
    "RSC": "ltv_36m",
}
DIMENSIONS = {code: letters for letters, codes in CODES_BY_LETTERS.items() for code in codes.split()}

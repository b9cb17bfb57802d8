"""The codes of the trade's catalogue by row: 98 indicators that a car maker and its dealers use.

A row of several codes is one indicator in several cuts. The list stands here, apart from the registry, so
that neither can lose an indicator without the other noticing.
"""

ACQUISITION = """
imp_cnt clk_cnt ctr spend_amt site_uv lead_raw_cnt lead_cnt lead_uv lead_valid_cnt lead_valid_rate
lead_dup_rate prospect_new_cnt cpl cpl_valid lead_assign_min lead_resp_min lead_resp30_rate
lead_follow_rate lead_reach_rate lead_lost_rate lead_lost_subj_rate
"""
ACTIVATION = """
card_cnt card_rate card_ontime_rate appt_cnt appt_rate appt_show_rate visit_cnt visit_uv visit_new_cnt
visit_again_rate visit_card_rate lead2visit_rate td_appt_cnt td_cnt td_uv td_rate td_show_rate
lead2td_rate td_score quote_cnt quote_rate app_reg_cnt app_bind_rate
"""
SALES = """
intent_cnt order_cnt order_uv lock_cnt lock_rate cancel_rate order_amt visit2order_rate td2order_rate
lead2order_rate deal_cycle_days backlog_qty delivery_cnt order2delivery_rate delivery_days
delivery_ontime_rate atp discount_rate gp_unit new_gm_rate fin_pen_rate ins_pen_rate tradein_rate
acc_amt_unit cac stock_qty stock_ratio stock_aged_rate
"""
RETENTION = """
owner_qty app_dau app_wau app_mau app_stick app_ret_d1/app_ret_d7/app_ret_d30 owner_active_rate
svc_visit_cnt svc_uv svc_first_rate svc_ret12_rate svc_lost_rate svc_same_dealer_rate svc_gap_days
recall_done_rate conn_renew_rate rebuy_rate
"""
VALUE = "svc_amt svc_aro svc_gm_rate svc_absorb_rate ltv_36m"
REFERRAL = "nps/nps_svc ref_lead_cnt ref_order_rate complaint_rate"

ROWS: dict[int, list[str]] = {
    row: codes.split("/")
    for row, codes in enumerate(
        " ".join([ACQUISITION, ACTIVATION, SALES, RETENTION, VALUE, REFERRAL]).split(), start=1
    )
}
# additivity as the catalogue gives it, where a mistake would be a wrong number
CLASSES = {
    "lead_cnt": "+", "lead_uv": "U", "ctr": "R", "lead_resp_min": "M", "stock_qty": "S", "backlog_qty": "S",
    "stock_ratio": "R(S/+)", "stock_aged_rate": "R(S)", "svc_ret12_rate": "R(U)", "rebuy_rate": "R(U)",
    "app_stick": "R(U)", "delivery_days": "M", "svc_gap_days": "M", "nps": "R G", "nps_svc": "R G",
}  # fmt: skip

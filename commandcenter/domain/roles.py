"""Roles of the command center with their Chinese names (spec §6; 网格员 and 渠道 report only, 通知网关 sends only)."""

ROLE_LABELS = {
    "acceptor": "受理员",
    "dispatcher": "派遣员",
    "handler": "处置员",
    "verifier": "核查员",
    "followup": "回访员",
    "street_leader": "街道负责人",
    "supervisor": "值班长",
    "evaluator": "考评员",
    "screen": "大屏",
    "auditor": "审计员",
    "admin": "管理员",
    "grid_worker": "网格员",
    "channel": "渠道接入",
    "gateway": "通知网关",
    "duty": "值守任务",
}

GRADE_LABELS = {"simple": "一级", "clear": "二级", "cross": "三级"}
CLOCK_LABELS = {"urgent": "紧急工作时", "hours": "工作时", "days": "工作日"}
ATTACHMENT_LABELS = {"scene": "现场", "before": "处置前", "after": "处置后", "place": "位置", "document": "文书"}

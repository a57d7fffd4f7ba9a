"""Arazzo documents read and run: the effects that OpenAPI cannot say. Reads no target and opens no connection."""

from watchword.workflow.check import WorkflowReport, check_generated, check_workflow, run_workflow
from watchword.workflow.environment import Device, Environment, Probe, Token
from watchword.workflow.inputs import Inputs, NoSuchInput
from watchword.workflow.model import Criterion, Source, Step, Workflow, Workflows
from watchword.workflow.outcome import Outcome, StepResult
from watchword.workflow.randomness import FALSE_ALARM, generated_secret_findings
from watchword.workflow.reader import load_workflows
from watchword.workflow.run import Runner, Send, run
from watchword.workflow.verdict import Verdict

__all__ = [
    "FALSE_ALARM",
    "Criterion",
    "Device",
    "Environment",
    "Inputs",
    "NoSuchInput",
    "Outcome",
    "Probe",
    "Runner",
    "Send",
    "Source",
    "Step",
    "StepResult",
    "Token",
    "Verdict",
    "Workflow",
    "WorkflowReport",
    "Workflows",
    "check_generated",
    "check_workflow",
    "generated_secret_findings",
    "load_workflows",
    "run",
    "run_workflow",
]

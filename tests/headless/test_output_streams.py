"""Standard output hides secrets, and JSON stays valid JSON whatever is hidden in it."""

import json

import pytest
from voicelive_common.redaction.secret import Secret
from voicelive_tui.headless.output_streams import Output, print_line


@pytest.mark.parametrize("value", ["98765432101234567890", '"type":"x', "correct-horse-battery"])
def test_every_line_of_json_is_json(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    secret = Secret(value)
    number = int(value) if value.isdigit() else 0
    event = {"type": "x", "n": number, "text": f"Bad {value}."}
    output = Output(as_json=True)
    output.record(json.dumps({"n": 1, "event": event}, separators=(",", ":")))
    output.summary({"exit_code": 0, "problem": f"Bad {value}.", "turns_held": number})
    record, summary = map(json.loads, capsys.readouterr().out.splitlines())
    assert record["event"] == {
        "type": "x",
        "n": "[hidden]" if number else 0,
        "text": "Bad [hidden].",
    }
    assert (
        summary["summary"]["problem"] == "Bad [hidden]."
        and summary["summary"]["turns_held"] == record["event"]["n"]
    )
    del secret


def test_a_line_for_people_says_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    secret = Secret("98765432101234567890")
    print_line("the key 98765432101234567890 was refused")
    assert capsys.readouterr().out == "the key [hidden] was refused\n"
    del secret

"""First contact, help, and wrong use."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from pathfinder.cli.main import main
from pathfinder.cli.registry import COMMANDS, function_of
from tests.cli.run import COMMAND, run, run_apart


def test_alone_it_says_what_it_is_for():
    done = run()
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("pathfinder shows by which routes principals reach S3")
    assert done.out.count("\n  ") == 3
    assert "pathfinder --help" in done.out


def test_version():
    assert run("--version").out.startswith("pathfinder 0.")


def test_help_lists_the_commands_in_order():
    out = run("--help").out
    assert [out.index(f"│ {command} ") for command in COMMANDS] == sorted(
        out.index(f"│ {command} ") for command in COMMANDS
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_help_opens_with_a_sentence_and_an_example(command):
    doc = [line.strip() for line in (function_of(command).__doc__ or "").splitlines()]
    assert doc[0].endswith(".")
    assert doc[2].startswith(f"Example: pathfinder {command} ")
    assert len(doc[2]) < 80
    done = run(command, "--help")
    assert done.status == 0
    assert doc[2] in done.out


def test_help_imports_nothing_that_only_the_work_needs():
    slow = "networkx", "jinja2", "pathfinder.graph", "pathfinder.snapshot", "pathfinder.authorization"
    code = (
        "import sys; from pathfinder.cli.main import main; main(['--help'])\n"
        f"sys.exit(' '.join(each for each in {slow!r} if each in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")


WRONG = [
    (["rout"], 'Unknown command "rout". Did you mean "routes"?'),
    (["--frobnicate"], "--frobnicate"),
    (["routes"], "SNAPSHOT"),
    (["routes", "x", "--outptu", "json"], "--output"),
    (["routes", "x", "--output", "sarif"], "markdown"),
    (["routes", "x", "--max-hops", "many"], "--max-hops"),
    (["routes", "x", "--max-hops", "0"], "--max-hops is 0; a route has at least one hop"),
    (["routes", "x", "y"], "too many arguments: y. Try: pathfinder routes --help"),
    (["who-can", "x", "s3:GetObject"], "--resource"),
    (["can", "x"], "PRINCIPAL"),
    (["explain"], "explain needs SNAPSHOT before all options"),
    (["explain", "--from", "EC2Role", "x", "1"], "explain needs SNAPSHOT before all options"),
    (["explain", "--context", "a=b", "x", "p", "s3:GetObject", "b"], "take every word that follows them"),
    (["explain", "x"], "explain needs a route's number or id"),
    (["explain", "x", "a", "b"], "explain needs a route's number or id"),
    (["explain", "x", "--principal", "p", "--action", "a"], "explain needs a route's number or id"),
    (["explain", "x", "1", "--context", "a=b"], "--context goes with a request"),
    (["explain", "x", "p", "a", "r", "--context", "a"], "--context a is no key=value"),
    (["import", "iam-colect", "x", "y"], "did you mean iam-collect?"),
    (["import", "iam-collect", "x"], "import needs one place to write to"),
    (["check", "x", "--outptu", "json"], "there is no option --outptu"),
    (["check"], "FILE"),
    (["schema", "rotes"], "no schema rotes; did you mean routes? There is: "),
    (["completion", "powershell"], "powershell"),
    (["routes", "bad\x1b[31m\nname", "y"], "too many arguments: y"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=[" ".join(each[0]) for each in WRONG])
def test_wrong_use_is_one_line(arguments, said):
    error = run(*arguments).error
    assert error.startswith("pathfinder: ")
    assert said in error
    assert error.isprintable()
    assert "--help" in error


def test_the_exit_status_of_a_process():
    assert run_apart("rout").error == run("rout").error
    assert run_apart("schema").status == 0
    failing = '[{"name": "x", "expect": "allow"}]'
    assert run_apart("check", "-", stdin=failing).status == 1


@pytest.mark.parametrize("command", ["routes", "can", "who-can", "explain", "check"])
def test_a_missing_snapshot_is_one_line(command, tmp_path):
    missing = tmp_path / "nowhere"
    arguments = {"can": ["x"], "who-can": ["s3:GetObject", "--resource", "x"], "explain": ["1"]}.get(
        command, []
    )
    error = run(command, missing, *arguments).error
    assert error.startswith(str(missing))


def test_an_internal_error_is_one_line(monkeypatch, capsys):
    def broken(tokens):
        raise ZeroDivisionError("it\nbroke")

    monkeypatch.setattr("pathfinder.cli.main._run", broken)
    assert main(["routes", "x"]) == 2
    assert capsys.readouterr().err == (
        "pathfinder: internal error: ZeroDivisionError: it broke; please report it, with what --verbose shows\n"
    )
    assert main(["routes", "x", "--verbose"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_ends_cleanly(monkeypatch, capsys):
    def interrupted(tokens):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathfinder.cli.main._run", interrupted)
    assert main(["routes", "x"]) == 130
    assert capsys.readouterr().err == "pathfinder: interrupted\n"


def test_ctrl_c_while_waiting():
    process = subprocess.Popen(
        [*COMMAND, "check", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # What a shell runs in the background is started deaf to Ctrl-C, and so would be all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdin is not None
    process.stdin.write(b" " * 200_000)  # more than a pipe holds: done only once the program reads
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, b"", b"pathfinder: interrupted\n")


def test_a_reader_that_leaves_ends_it_quietly():
    process = subprocess.Popen(
        ["bash", "-c", f"set -o pipefail; {' '.join(COMMAND)} schema routes | true"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    _, err = process.communicate(timeout=30)
    assert err == b""
    assert process.returncode in (0, 141)


def test_schemas_are_listed_and_printed():
    names = run("schema").out.split()
    assert {"routes", "who-can", "can", "check", "explain"} <= set(names)
    for name in names:
        Draft202012Validator.check_schema(json.loads(run("schema", name).out))


def test_completion():
    assert "pathfinder" in run("completion", "bash").out


def test_a_filter_without_a_value_is_refused():
    """An empty shell variable must not turn a filter off."""
    for option in ("--from", "--to", "--action"):
        assert option in run("routes", "samples/ec2-to-s3", option).error

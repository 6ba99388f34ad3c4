"""The public names of the room, pinned; and that importing it stays cheap."""

import subprocess
import sys

import auditkit.inference as inference


def test_every_public_name_is_there_and_documented() -> None:
    assert sorted(inference.__all__, key=lambda name: (not name.isupper(), name)) == list(inference.__all__)
    for name in inference.__all__:
        thing = getattr(inference, name)
        assert thing.__doc__, name
        if callable(thing) and not isinstance(thing, type):  # a constant is explained beside it
            assert ">>>" in thing.__doc__, name
            assert "?" in thing.__doc__ or thing.__doc__.startswith("The same"), name


def test_no_heavy_package_is_loaded() -> None:
    heavy = {"scipy.stats", "scipy.optimize", "pandas", "statsmodels", "sklearn"}
    code = f"import sys, auditkit.inference; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

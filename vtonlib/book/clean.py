"""Take out of a notebook that ran what belongs to the one run or the one machine, and to no reader."""

from __future__ import annotations

from typing import Any

_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_LANGUAGE = {
    "name": "python",
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "pygments_lexer": "ipython3",
}


def clean(content: dict[str, Any]) -> None:
    """Normalise a notebook in place: no stderr, no widgets, no timings, and the kernel called ``python3``.

    Args:
        content: the whole notebook as JSON.
    """
    metadata = content["metadata"]
    metadata.pop("widgets", None)
    metadata["kernelspec"] = dict(_KERNEL)
    metadata["language_info"] = dict(_LANGUAGE)
    for cell in content["cells"]:
        cell["metadata"].pop("execution", None)
        if cell["cell_type"] == "code":
            cell["outputs"] = [output for output in cell["outputs"] if _keep(output)]


def _keep(output: dict[str, Any]) -> bool:
    """Whether an output is for readers; widgets are taken out first, and it stays if something is left."""
    if output["output_type"] == "stream":
        return bool(output["name"] != "stderr")
    if "data" not in output:
        return True
    data = output["data"]
    widgets = [mime for mime in data if mime.startswith("application/vnd.jupyter.widget")]
    if widgets:
        for mime in [*widgets, "text/plain"]:  # the text only names the widget's class
            data.pop(mime, None)
    return bool(data)

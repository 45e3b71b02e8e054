"""The table of chapter 02: one switch of the DCGAN turned at a time.

``python benchmarks/gan_basics.py`` re-scores the shipped DCGAN and prints the stored table. ``RETRAIN=1`` trains every
variant again (15 runs of about 2 minutes on 2 CPU cores); what is already stored is kept, so it can be cut off.
"""

from __future__ import annotations

import os
from statistics import mean

from vtonlib import results, zoo
from vtonlib.studies import gan_basics


def main() -> None:
    """Re-score or retrain, then print the table."""
    if os.environ.get("RETRAIN") == "1":
        known = results.load("gan_basics") if (results.FOLDER / "gan_basics.json").exists() else {"runs": {}}
        for count in range(1, 4):
            known = gan_basics.run(seeds=range(count), known=known)
            results.save("gan_basics", known)
    for name, score in zoo.load("dcgan.cpu").evaluate().items():
        print(f"shipped dcgan.cpu  {name}: {score}")
    for variant, runs in results.load("gan_basics")["runs"].items():
        averaged, raw = ([run[key] for run in runs.values()] for key in ("kid", "kid_raw"))
        print(f"{variant:24s}  KID {mean(averaged):.3f} averaged, {mean(raw):.3f} raw, {len(runs)} seeds")


if __name__ == "__main__":
    main()

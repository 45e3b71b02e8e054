"""The table of chapter 03: GAN-CLS with one part changed at a time.

``python benchmarks/text_gan.py`` re-scores the shipped GAN-CLS and prints the stored table. ``RETRAIN=1`` trains every
variant again (15 runs of about 3 minutes on 2 CPU cores); what is already stored is kept, so it can be cut off.
"""

from __future__ import annotations

import os
from statistics import mean

from vtonlib import results, zoo
from vtonlib.studies import text_gan


def main() -> None:
    """Re-score or retrain, then print the table."""
    if os.environ.get("RETRAIN") == "1":
        known = results.load("text_gan") if (results.FOLDER / "text_gan.json").exists() else {"runs": {}}
        for count in range(1, 4):
            known = text_gan.run(seeds=range(count), known=known)
            results.save("text_gan", known)
    for name, score in zoo.load("gan_cls.cpu").evaluate().items():
        print(f"shipped gan_cls.cpu  {name}: {score}")
    for variant, runs in results.load("text_gan")["runs"].items():
        parts = [f"{name} {mean(run[name] for run in runs.values()):.3f}" for name in ("kind", *text_gan.SWAPPED)]
        print(f"{variant:20s}  {', '.join(parts)}, {len(runs)} seeds")


if __name__ == "__main__":
    main()

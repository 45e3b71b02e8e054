"""The spline that knows the answer is better than the box that does."""

from vtonlib.data.warp_task import warp_task
from vtonlib.metrics.warps import judge_warp
from vtonlib.studies.warp_ceiling import best_spline
from vtonlib.studies.warping import true_box


def test_a_spline_that_knows_the_truth_beats_the_box_that_does():
    task = warp_task("unpaired", 64).only(range(0, 200, 25))
    box, spline = judge_warp(true_box(task), task), judge_warp(best_spline(task, steps=100), task)
    assert spline["epe_px"].value < 0.7 * box["epe_px"].value
    assert spline["iou"].value > max(0.85, box["iou"].value)
    assert spline["folded"].value < 0.03

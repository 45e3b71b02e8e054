"""The parser's stage: what it learns from and how it is judged."""

import pytest
import torch

from vtonlib.data.labels import LIP
from vtonlib.data.sample import VIEWS
from vtonlib.training.registry import build_stage
from vtonlib.training.stages.human_parser import LABELS, HumanParserStage, judge, labelled


def test_the_neck_has_the_last_label_and_pictures_fit_their_labels():
    held_out = labelled("test", 64)
    assert held_out["image"].shape == (200 * len(VIEWS), 3, 64, 48)
    assert held_out["labels"].shape == (200 * len(VIEWS), 64, 48)
    assert LABELS[-1] == "neck"
    assert int(held_out["labels"].max()) == len(LABELS) - 1
    neck = (held_out["labels"] == len(LABELS) - 1).flatten(1).any(1)
    assert neck.float().mean() > 0.7  # turtlenecks and long hair hide some


def test_views_follow_each_other():
    both, second = labelled("test", 64, ("person", "swap")), labelled("test", 64, ("swap",))
    assert torch.equal(both["image"][200:], second["image"])
    assert torch.equal(both["labels"][200:], second["labels"])


def test_the_judge_by_hand():
    truth = torch.zeros(1, 2, 6, dtype=torch.long)
    truth[0, 0, :4] = LIP["upper_clothes"]
    truth[0, 1, 0], truth[0, 1, 1], truth[0, 1, 2:4] = LIP["left_arm"], LIP["right_arm"], LABELS.index("neck")
    answer = truth.clone()
    answer[0, 0, 0] = 0  # 3 of 4 pixels of the top
    answer[0, 1, 0] = LIP["right_arm"]  # no pixel of the left arm; the right one is found with another
    scores = {name: score.value for name, score in judge(answer, truth).items()}
    assert scores == pytest.approx({"mean_iou": (0.75 + 0 + 0.5 + 1) / 4, "arms": 0.25, "neck": 1, "tops": 0.75})


def test_parsing_gives_labels_of_each_pixel():
    stage = build_stage("human_parser", width=4, height=64)
    assert isinstance(stage, HumanParserStage)
    found = stage.parse(torch.zeros(40, 3, 64, 48))
    assert found.shape == (40, 64, 48)
    assert found.dtype == torch.int64
    assert int(found.max()) < len(LABELS)

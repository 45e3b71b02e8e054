"""Cropped people: by hand, and their joints where their labels are."""

import torch

from vtonlib.data.closer import ABOVE, BELOW, HIPS, closer
from vtonlib.data.keypoints import COCO
from vtonlib.data.labels import LIP
from vtonlib.data.pose_task import pose_task
from vtonlib.data.views import Views


def person(hips=40.0, seen=1.0):
    """Head in rows 10 to 19, trousers below; hips in row 40."""
    parse = torch.zeros(1, 80, 60, dtype=torch.uint8)
    parse[:, 10:20, 25:36] = LIP["face"]
    parse[:, 20:70, 25:36] = LIP["pants"]
    joints = torch.zeros(1, 18, 3)
    joints[:, HIPS] = torch.tensor([30.0, hips, seen])
    joints[:, COCO["nose"]] = torch.tensor([30.0, 15.0, 1.0])
    joints[:, COCO["left_ankle"]] = torch.tensor([30.0, 68.0, 1.0])
    image = torch.where(parse[:, None] > 0, 200, 30).to(torch.uint8).expand(-1, 3, -1, -1).contiguous()
    return Views(image, parse, parse > 90, joints)


def test_head_and_hips_lie_where_they_should():
    near = closer(person())
    height, rows = 30.0, 79  # from the head's first row to the hips'
    first, scale = 10 - ABOVE * height, (1 + ABOVE + BELOW) * height / rows
    nose, hip, ankle = (near.keypoints[0, COCO[name]] for name in ("nose", "left_hip", "left_ankle"))
    torch.testing.assert_close(nose[1], torch.tensor((15 - first) / scale))
    torch.testing.assert_close(hip[1], torch.tensor((40 - first) / scale))
    torch.testing.assert_close(nose[0], torch.tensor((59) / 2 + (30 - 30) / scale))
    assert ankle.tolist() == [0, 0, 0], "below the picture"
    column = near.parse[0, :, 30]
    assert abs(int((column == LIP["face"]).sum()) - 10 / scale) < 1
    assert near.parse[0, -1, 30] == LIP["pants"]
    assert near.image.shape == (1, 3, 80, 60)


def test_whoever_is_framed_already_stays():
    before, after = person(seen=0.0), closer(person(seen=0.0))
    assert torch.equal(after.parse, before.parse)
    assert torch.equal(after.image, before.image)


def test_joints_stay_on_their_labels():
    task = pose_task("multi_pose", 128)
    rows = [row for row, (before, _) in enumerate(task.framings) if before == "whole"][:40]
    near = closer(task.only(rows).reference)
    nose = near.keypoints[:, COCO["nose"]]
    at = nose[:, :2].round().long()
    labels = near.parse[torch.arange(len(rows)), at[:, 1], at[:, 0]]
    assert (labels[nose[:, 2] > 0] == LIP["face"]).float().mean() > 0.9
    assert near.keypoints[:, [COCO["left_ankle"], COCO["right_ankle"]], 2].mean() < 0.05
    assert (near.parse > 0).float().mean() > 1.5 * (task.only(rows).reference.parse > 0).float().mean()


def test_only_the_chosen_ones_are_cropped():
    two = Views(**{name: torch.cat([getattr(person(), name)] * 2) for name in ("image", "parse", "neck", "keypoints")})
    some = closer(two, torch.tensor([False, True]))
    for name in ("image", "parse", "neck", "keypoints"):
        torch.testing.assert_close(getattr(some, name)[0], getattr(person(), name)[0])
        torch.testing.assert_close(getattr(some, name)[1], getattr(closer(person()), name)[0])

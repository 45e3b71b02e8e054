"""Joints of other detectors, in our order and in the pixels of another size."""

import json

import numpy as np
import pytest

from vtonlib.data.keypoints import COCO, COCO_17, COCO_18, decode_openpose, from_coco_17, resize_keypoints

# The order of COCO's annotations, by the names that our poses use.
SEVENTEEN = np.column_stack([np.arange(17), np.arange(100, 117), np.full(17, 2)]).astype(np.float32)


def file_of(joints: np.ndarray, key: str = "pose_keypoints_2d") -> bytes:
    return json.dumps({"version": 1.0, "people": [{key: joints.ravel().tolist()}]}).encode()


def test_the_joints_of_coco_get_their_places():
    pose = from_coco_17(SEVENTEEN)
    assert pose[:, 0].tolist() == [0, 5.5, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3]
    assert np.array_equal(pose[:, 1], pose[:, 0] + 100)
    assert pose[:, 2].tolist() == [1] * 18
    assert pose.dtype == np.float32
    assert set(COCO_18) - {"neck"} == set(COCO_17)


def test_a_neck_needs_both_shoulders_and_hidden_joints_count():
    joints = SEVENTEEN.copy()
    joints[COCO_17.index("left_wrist"), 2] = 1
    joints[COCO_17.index("left_shoulder"), 2] = 0
    pose = from_coco_17(joints)
    unseen = [COCO_18[number] for number in np.nonzero(pose[:, 2] == 0)[0]]
    assert unseen == ["neck", "left_shoulder"]


@pytest.mark.parametrize("key", ["pose_keypoints_2d", "pose_keypoints"])
@pytest.mark.parametrize("count", [25, 18, 17])
def test_files_of_three_skeletons_are_read_under_both_keys(key, count):
    joints = np.column_stack([np.arange(count), np.zeros(count), np.ones(count)])
    pose = decode_openpose(file_of(joints, key))
    assert pose.shape == (18, 3)
    right_hip = {25: 9, 18: 8, 17: 12}[count]
    assert pose[COCO["right_hip"]].tolist() == [right_hip, 0, 1]
    assert pose[:, 2].all()


@pytest.mark.parametrize("data", [b"{}", b'{"people": []}', b'{"people": [{"face": [1]}]}', file_of(np.ones((21, 3)))])
def test_a_file_without_such_a_person_is_refused(data):
    with pytest.raises(ValueError, match=r"no person with|21 joints, neither"):
        decode_openpose(data)


def test_corners_of_the_picture_stay_corners_in_another_size():
    corners = np.array([[-0.5, -0.5, 1], [95.5, 127.5, 0]], np.float32)
    half = resize_keypoints(corners, (128, 96), (64, 48))
    assert half.tolist() == [[-0.5, -0.5, 1], [47.5, 63.5, 0]]
    assert np.array_equal(resize_keypoints(half, (64, 48), (128, 96)), corners)
    assert resize_keypoints(corners, (128, 96), (128, 48))[1].tolist() == [47.5, 127.5, 0]

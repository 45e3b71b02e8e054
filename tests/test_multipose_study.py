"""The table of chapters 12 and 13: which systems there are, and that what is stored belongs to them."""

from vtonlib.data.pose_task import LISTS, pose_task
from vtonlib.profiles import BUDGETS, DEFAULT
from vtonlib.studies.multipose import SYSTEMS, Jury, copy_source
from vtonlib.studies.parsers import PARSERS
from vtonlib.training.registry import build_stage, stage_names
from vtonlib.training.stages.mg_vton_parsing import MgVtonParsingConfig


def test_every_system_has_a_stage_with_a_budget_and_fields_that_exist():
    for system in SYSTEMS.values():
        if system.stage:
            assert system.stage in stage_names()
            assert (system.stage, DEFAULT) in BUDGETS
    fields = set(MgVtonParsingConfig.__dataclass_fields__)
    assert all(set(changes) <= fields and 0 <= share <= 1 for changes, share in PARSERS.values())


def test_each_ablation_changes_one_thing():
    changed = {name: tuple(system.changes.items()) for name, system in SYSTEMS.items() if system.changes}
    assert len(set(changed.values())) == len(changed)
    assert [name for name, each in changed.items() if len(each) > 1] == ["mg_vton_collapsed"]


def test_changes_are_settings_of_their_stage():
    for system in SYSTEMS.values():
        if system.changes and system.stage == "mg_vton_warp_gan":
            stage = build_stage(
                system.stage, width=4, discriminator_width=4, perceptual="human_parser", **system.changes
            )
            assert {name: getattr(stage.config, name) for name in system.changes} == dict(system.changes)


def test_whoever_changes_nothing_is_right_where_nothing_changes():
    jury = Jury(64, rows=range(0, 200, 20))
    task = jury.tasks["multi_pose_unpaired"]
    figures = {name: score.value for name, score in jury.judge(copy_source(task), "multi_pose_unpaired").items()}
    perfect = {name: score.value for name, score in jury.judge(task.truth, "multi_pose_unpaired").items()}
    assert set(jury.tasks) == set(LISTS)
    assert figures["ssim"] < perfect["ssim"] == 1
    assert figures["perceptual"] > perfect["perceptual"] == 0
    assert figures["lower_l1"] > 0 == perfect["lower_l1"]
    assert len(pose_task("multi_pose", 64).cloth) == 200

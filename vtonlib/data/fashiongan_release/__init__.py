"""Readers of the files that the authors of FashionGAN released (Zhu et al. 2017, arXiv:1710.07346).

Written from facts about the files and about the code that reads them. The pictures are DeepFashion's (Liu et al. 2016,
CVPR), for non-commercial research only: they are read from the reader's own copy, and nothing of them ships. Rows count
from 0 here, and from 1 in the files.
"""

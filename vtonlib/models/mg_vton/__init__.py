"""The networks of MG-VTON (Dong et al. 2019, arXiv:1902.11026), one file each."""

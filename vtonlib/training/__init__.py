"""The training engine: stages, their phases, one loop, checkpoints, averages and logs, on Lightning Fabric."""

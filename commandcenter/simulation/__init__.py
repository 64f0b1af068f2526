"""A city of agents that act on cases through the same services as people do, with logins of their own."""

from commandcenter.simulation.city import Simulation
from commandcenter.simulation.settings import ClockControl, Settings, SimulationStats

__all__ = ["ClockControl", "Settings", "Simulation", "SimulationStats"]

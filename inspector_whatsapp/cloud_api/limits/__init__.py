"""What Meta accepts in a `/messages` body or a template's definition, and how much of it.

One module for both sides: we ask it before a message is written down, the simulator asks it when one
comes in. Nothing is imported here but the standard library.
"""

from .automation import check_automation as check_automation
from .checks import check as check
from .checks import check_envelope as check_envelope
from .figures import *  # noqa: F403  (every figure is public: limits.ROWS, limits.CAPTION …)
from .flows import check_flow as check_flow
from .flows import check_flow_data as check_flow_data
from .templates import VARIABLE as VARIABLE
from .templates import BrokenTemplate as BrokenTemplate
from .templates import check_template as check_template
from .templates import component as component

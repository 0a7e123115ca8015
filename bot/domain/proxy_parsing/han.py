"""Chinese signs in patterns."""

import re

#: All of them, to stand in a class with others.
HAN_RANGE = r"\u3400-\u9fff"
#: One of them. To find the cases of 27,000 signs would take each pattern that ignores case a hundredth of a second
#: (measured).
HAN = rf"(?-i:[{HAN_RANGE}])"
HAN_SIGN = re.compile(HAN)

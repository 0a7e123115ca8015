"""Chinese signs in patterns."""

#: One of them. To find the cases of 27,000 signs would take each pattern that ignores case a hundredth of a second
#: (measured).
HAN = r"(?-i:[\u3400-\u9fff])"

"""Do verdicts flip when nothing changes but who is speaking, or how they speak?"""

"""What pages hear of while they are open: changes of plans, told as they happen."""

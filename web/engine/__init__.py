"""Running queries of strangers: guarded, in processes that can be killed and can reach nothing.

guard    what is refused before the engine sees it; where the row cap goes
wire     how a web process and a worker talk over a socket
worker   the child that runs queries over the store it was born with
zygote   the parent that holds the store in memory and forks workers
pool     lanes, deadlines and caps on the side of the web process
"""

-- What wrk does: sends the requests of a list in turn and says at the end what came of it, as one line of JSON.
-- `@unique@` in a request is replaced by eight characters that no other request of the run has.

local threads = 0
local requests = {}
local position = 0
local sent = 0
local makes_unique = false

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

function init(arguments)
    for index, request in ipairs(dofile(arguments[1])) do
        local text = wrk.format(request.method, request.path, request.headers, request.body)
        makes_unique = makes_unique or text:find("@unique@", 1, true) ~= nil
        requests[index] = text
    end
    -- Threads begin at different places of the list.
    position = number * 7919 % #requests
end

function request()
    position = position % #requests + 1
    local text = requests[position]
    if makes_unique then
        sent = sent + 1
        text = text:gsub("@unique@", string.format("%02x%06x", number, sent))
    end
    return text
end

function done(summary, latency)
    local errors = summary.errors
    print(string.format(
        'RESULT {"requests": %d, "microseconds": %d, "bytes": %d, "failed": %d, "refused": %d, "p50": %d, "p99": %d}',
        summary.requests, summary.duration, summary.bytes,
        errors.connect + errors.read + errors.write + errors.timeout, errors.status,
        latency:percentile(50), latency:percentile(99)))
end

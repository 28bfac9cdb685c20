-- For wrk: uploads that differ from each other, every second one in chunks, several at a time.
-- Arguments: the name of the run, and how many requests go out together.

local run, depth
local number = 0

function init(arguments)
   run, depth = arguments[1], tonumber(arguments[2])
end

local function upload()
   number = number + 1
   local target = "/upload?id=" .. run .. "." .. number
   local body = string.rep(tostring(number), number % 100)
   if number % 2 == 0 then
      return wrk.format("POST", target, {}, body)
   end
   local chunk = #body > 0 and string.format("%x\r\n%s\r\n", #body, body) or ""
   local head = wrk.format("POST", target, {["Transfer-Encoding"] = "chunked"})
   return head .. chunk .. "0\r\n\r\n"
end

function request()
   local requests = {}
   for i = 1, depth do
      requests[i] = upload()
   end
   return table.concat(requests)
end

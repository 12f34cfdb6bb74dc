-- What Quarto's own filters do for the part of its Markdown that evalkit's reports use:
-- numbered floats, cross-references, callouts, tabsets. Words come from the metadata's "words".

local words = {}
local numbers = {}   -- identifier -> "Figur 1"
local headings = {}  -- identifier -> the heading's inlines
local tabsets = 0

local function raw(text) return pandoc.RawBlock("html", text) end
local function escaped(text)
  return (text:gsub("&", "&amp;"):gsub("<", "&lt;"):gsub(">", "&gt;"):gsub('"', "&quot;"))
end

local function read_words(meta)
  for key, value in pairs(meta.words or {}) do words[key] = pandoc.utils.stringify(value) end
end

-- First pass: number the floats in reading order, remember the headings.
local function number_floats(document)
  local counts = { fig = 0, tbl = 0 }
  document:walk({
    traverse = "topdown",
    Div = function(div)
      local kind = div.identifier:match("^(%a+)%-")
      if counts[kind] then
        counts[kind] = counts[kind] + 1
        numbers[div.identifier] = words[kind] .. "\u{a0}" .. counts[kind]
      end
    end,
    Header = function(header)
      if header.identifier:match("^sec%-") then headings[header.identifier] = header.content end
    end,
  })
end

local function float(div)
  local kind = div.identifier:match("^(%a+)%-")
  local last = div.content[#div.content]
  local caption = pandoc.Inlines({})
  if last and (last.t == "Para" or last.t == "Plain") then
    caption = last.content
    div.content:remove(#div.content)
  end
  local named = pandoc.Inlines({ pandoc.Strong({ pandoc.Str(numbers[div.identifier] .. ".") }), pandoc.Space() })
  named:extend(caption)
  local figcaption = pandoc.Blocks({ raw("<figcaption>"), pandoc.Plain(named), raw("</figcaption>") })
  local blocks = pandoc.Blocks({ raw('<figure id="' .. escaped(div.identifier) .. '" class="float float-' .. kind .. '">') })
  if kind == "tbl" then blocks:extend(figcaption) end
  blocks:extend(div.content)
  if kind == "fig" then blocks:extend(figcaption) end
  blocks:insert(raw("</figure>"))
  return blocks
end

local function callout(div, kind)
  local title = div.attributes.title
  local content = div.content
  local inlines
  if content[1] and content[1].t == "Header" then
    inlines = content[1].content
    content:remove(1)
  else
    inlines = pandoc.Inlines({ pandoc.Str(title or words["callout-" .. kind] or kind) })
  end
  local blocks = pandoc.Blocks({
    raw('<aside class="callout callout-' .. escaped(kind) .. '" aria-label="' .. escaped(pandoc.utils.stringify(inlines)) .. '">'),
    raw('<p class="callout-title">'), pandoc.Plain(inlines), raw("</p>"),
    raw('<div class="callout-body">'),
  })
  blocks:extend(content)
  blocks:extend({ raw("</div>"), raw("</aside>") })
  return blocks
end

-- Tabs without a script: radio buttons, which a keyboard reaches; all panels are printed.
local function tabset(div)
  tabsets = tabsets + 1
  local name = "tabset-" .. tabsets
  local panels, level = {}, nil
  for _, block in ipairs(div.content) do
    if block.t == "Header" and (level == nil or block.level == level) then
      level = block.level
      table.insert(panels, { title = block.content, blocks = pandoc.Blocks({}) })
    elseif #panels > 0 then
      panels[#panels].blocks:insert(block)
    end
  end
  local blocks = pandoc.Blocks({ raw('<div class="tabset" role="radiogroup" aria-label="' .. escaped(words.tabs) .. '">') })
  for place, panel in ipairs(panels) do
    local id = name .. "-" .. place
    blocks:insert(raw('<input type="radio" name="' .. name .. '" id="' .. id .. '"' .. (place == 1 and " checked" or "") .. ">"
      .. '<label for="' .. id .. '">'))
    blocks:insert(pandoc.Plain(panel.title))
    blocks:insert(raw("</label>"))
  end
  for _, panel in ipairs(panels) do
    blocks:insert(raw('<div class="tab-panel"><p class="tab-title">'))
    blocks:insert(pandoc.Plain(panel.title))
    blocks:insert(raw("</p>"))
    blocks:extend(panel.blocks)
    blocks:insert(raw("</div>"))
  end
  blocks:insert(raw("</div>"))
  return blocks
end

local function convert_div(div)
  if numbers[div.identifier] then return float(div) end
  for _, class in ipairs(div.classes) do
    local kind = class:match("^callout%-(%a+)$")
    if kind then return callout(div, kind) end
    if class == "panel-tabset" then return tabset(div) end
  end
end

local function convert_reference(cite)
  local id = #cite.citations == 1 and cite.citations[1].id or ""
  if numbers[id] then return pandoc.Link({ pandoc.Str(numbers[id]) }, "#" .. id, "", { class = "reference" }) end
  if headings[id] then return pandoc.Link(headings[id], "#" .. id, "", { class = "reference" }) end
  if id:match("^fig%-") or id:match("^tbl%-") or id:match("^sec%-") then
    error("cross-reference @" .. id .. " points nowhere")
  end
end

return {
  { Meta = read_words },
  { Pandoc = number_floats },
  { Cite = convert_reference },
  { Div = convert_div },
}

-- What pandoc has no Typst for: boxes, and figures of several frames. book.typ says how they look.
local function around(before, blocks, after)
  local out = pandoc.Blocks(pandoc.RawBlock("typst", before))
  out:extend(blocks)
  out:insert(pandoc.RawBlock("typst", after))
  return out
end

function Div(div)
  if div.classes:includes("admonition") then
    local title = pandoc.Inlines(pandoc.RawInline("typst", "#block(sticky: true)["))
    title:insert(pandoc.Strong(table.remove(div.content, 1).content))
    title:insert(pandoc.RawInline("typst", "]"))
    div.content:insert(1, pandoc.Plain(title))
    local kind = div.classes:includes("mistake") and "mistake" or "note"
    return around('#callout("' .. kind .. '")[', div.content, "]")
  elseif div.classes:includes("frames") then
    return around("#frames(", div.content, ")")
  elseif div.classes:includes("frame") then
    return around('[#"' .. div.attributes["data-label"] .. '"', div.content, "],")
  elseif div.classes:includes("highlight") then
    return div.content
  end
end

function Image(image)
  local alt = pandoc.utils.stringify(image.caption):gsub('[\\"]', "\\%0")
  return pandoc.RawInline("typst", '#image("' .. image.src .. '", alt: "' .. alt .. '")')
end

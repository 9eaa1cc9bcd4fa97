"""The Streamlit app: a thin face on `kg.service`. Pages hold no logic; what they use stands in the modules beside them.

Text of documents, file names and questions never reaches Markdown or HTML unescaped (`kg.ui.markup`): it comes from
files that others wrote, and an image link in it would leave the machine.
"""

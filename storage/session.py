"""The one name by which upper floors know a database session; they hand it on and never write SQL with it."""

from sqlmodel.ext.asyncio.session import AsyncSession

Session = AsyncSession
